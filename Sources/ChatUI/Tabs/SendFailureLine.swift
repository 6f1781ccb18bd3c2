import ChatProtocol

/// The transcript line for messages that could not be sent. Consecutive failures with the same reason share a line.
struct SendFailureLine: Hashable, Sendable {
  let entry: Int
  let reason: String
  var count = 1

  /// The columns shown of a message that is back in the input or in the history.
  static let shownColumns = 40
}

extension Tab {
  /// - Parameter hint: where to find the message; empty if it is visible.
  mutating func tellFailure(of text: String, reason: String, hint: String, at time: Timestamp) {
    if var failure, failure.reason == reason, transcript.entries.last?.id == failure.entry {
      failure.count += 1
      self.failure = failure
      return transcript.replaceLast(with: .alert("\(reason) Not sent: \(failure.count) messages\(hint)"))
    }
    let shown = MessageLines.onOneLine(text).truncated(to: SendFailureLine.shownColumns)
    let entry = transcript.append(.alert("\(reason) Not sent: \(shown)\(hint)"), at: time)
    failure = SendFailureLine(entry: entry, reason: reason)
  }
}
