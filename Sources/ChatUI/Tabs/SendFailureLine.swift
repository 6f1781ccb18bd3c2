import ChatProtocol

/// The transcript line for messages that could not be sent. Consecutive failures with the same reason share a line.
struct SendFailureLine: Hashable, Sendable {
  let entry: Int
  let reason: String
  /// The number of unsent messages, without those that are being sent again.
  private(set) var count = 0
  /// The number of them that are in the input.
  private var inInput = 0

  init(entry: Int, reason: String) { (self.entry, self.reason) = (entry, reason) }

  mutating func add(isInInput: Bool) {
    count += 1
    if isInInput { inInput += 1 }
  }

  /// The messages in the input are sent again: if that fails too, they count once.
  mutating func sendAgain() {
    count -= inInput
    inInput = 0
  }

  /// The columns shown of a message that is back in the input or in the history.
  static let shownColumns = 40
}

extension Tab {
  /// - Parameters:
  ///   - isInInput: whether the message is back in this tab's input.
  ///   - hint: where to find the message; empty if it is visible.
  mutating func tellFailure(of text: String, reason: String, isInInput: Bool, hint: String, at time: Timestamp) {
    let shown = MessageLines.onOneLine(text).truncated(to: SendFailureLine.shownColumns)
    var line: SendFailureLine
    if let failure, failure.reason == reason, transcript.entries.last?.id == failure.entry {
      line = failure
      let what = line.count == 0 ? shown : "\(line.count + 1) messages"
      transcript.replaceLast(with: .alert("\(reason) Not sent: \(what)\(hint)"))
    } else {
      let entry = transcript.append(.alert("\(reason) Not sent: \(shown)\(hint)"), at: time)
      line = SendFailureLine(entry: entry, reason: reason)
    }
    line.add(isInInput: isInInput)
    failure = line
  }
}
