import ChatProtocol

/// The line that tells of messages that were not sent: those that follow one another for the same reason have one.
struct SendFailure: Hashable, Sendable {
  let entry: Int
  let reason: String
  var count = 1

  /// What is shown of a message that stands in the input again, or is called back with Up.
  static let shownColumns = 40
}

extension Tab {
  /// - Parameter hint: where the message is now; empty where that can be seen.
  mutating func tellFailure(of text: String, reason: String, hint: String, at time: Timestamp) {
    if var failure, failure.reason == reason, transcript.entries.last?.id == failure.entry {
      failure.count += 1
      self.failure = failure
      return transcript.replaceLast(with: .alert("\(reason) Not sent: \(failure.count) messages\(hint)"))
    }
    let shown = text.truncated(to: SendFailure.shownColumns)
    let entry = transcript.append(.alert("\(reason) Not sent: \(shown)\(hint)"), at: time)
    failure = SendFailure(entry: entry, reason: reason)
  }
}
