import ChatModel
import ChatProtocol

/// The transcript line for messages that could not be sent, or may not have been. Consecutive failures with the same
/// reason share a line.
struct SendFailureLine: Hashable, Sendable {
  let entry: Int
  /// The reason, and the known state of the messages.
  let reason: String
  /// The number of messages, without those that are being sent again.
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

  /// The messages in the input are moved to the history.
  mutating func putAside() { inInput = 0 }

  /// Where to find a message that is in the history.
  static let recallHint = "; ↑ brings it back"

  /// The columns shown of a message that is back in the input or in the history.
  static let shownColumns = 40
}

extension SendFailure {
  /// The known state of the message, for display before its text.
  var heading: String {
    switch self {
    case .refused, .notStored: "Not sent"
    case .unconfirmed: "Perhaps delivered, check before sending again"
    }
  }
}

extension Tab {
  /// - Parameters:
  ///   - reason: a sentence, and the heading of the failure.
  ///   - isInInput: whether the message is back in this tab's input.
  ///   - hint: where to find the message; empty if it is visible.
  mutating func tellFailure(of text: String, reason: String, isInInput: Bool, hint: String, at time: Timestamp) {
    let shown = MessageLines.onOneLine(text).truncated(to: SendFailureLine.shownColumns)
    var line: SendFailureLine
    if let failure, failure.reason == reason, transcript.entries.last?.id == failure.entry {
      line = failure
      let what = line.count == 0 ? shown : "\(line.count + 1) messages"
      transcript.replaceLast(with: .alert("\(reason): \(what)\(hint)"))
    } else {
      let entry = transcript.append(.alert("\(reason): \(shown)\(hint)"), at: time)
      line = SendFailureLine(entry: entry, reason: reason)
    }
    line.add(isInInput: isInInput)
    failure = line
  }

  /// Reports that the returned text is in the history: in the line about the failure if that is the last one.
  mutating func tellPutAside(at time: Timestamp) {
    failure?.putAside()
    guard let failure, let last = transcript.entries.last, last.id == failure.entry, case .alert(let told) = last.body
    else {
      transcript.append(.notice("the text that came back is put aside\(SendFailureLine.recallHint)"), at: time)
      return
    }
    guard !told.hasSuffix(SendFailureLine.recallHint) else { return }
    transcript.replaceLast(with: .alert(told + SendFailureLine.recallHint))
  }
}
