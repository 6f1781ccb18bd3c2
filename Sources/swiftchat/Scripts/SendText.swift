import ChatClient
import ChatModel
import ChatProtocol

/// The messages of one text: one message of several lines, or a message for each line that is not blank.
struct SendText: Equatable {
  /// A larger text is refused.
  static let maximumBytes = 1 << 20

  let lines: [String]
  /// The text as one message, for servers that take several lines; nil if it has one line, or is too long for that.
  let whole: String?

  /// - Throws: `ScriptEnd` if there is nothing to send, or if a line is too long for one message.
  init(_ text: String, to target: Target) throws(ScriptEnd) {
    var lines: [String] = []
    var number = 0
    for line in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline) {
      number += 1
      let line = String(line)
      guard !line.unicodeScalars.allSatisfy(\.properties.isWhitespace) else { continue }
      let message = OutgoingMessage(id: SendID(0), target: target, text: line, time: Timestamp(milliseconds: 0))
      guard message.excessBytes <= 0 else {
        throw ScriptEnd(
          .badText,
          "line \(number) is \(message.excessBytes.counted("byte")) too long for one message; nothing was sent: split it"
        )
      }
      lines.append(line)
    }
    guard !lines.isEmpty else { throw ScriptEnd(.badText, "there is no text; nothing was sent") }
    self.lines = lines
    let whole = MessageLines.normalized(text)
    let message = OutgoingMessage(id: SendID(0), target: target, text: whole, time: Timestamp(milliseconds: 0))
    let fits = MessageLines.count(of: whole) <= MessageLines.maximum && message.excessBytes <= 0
    self.whole = fits && MessageLines.areSeveral(in: whole) ? whole : nil
  }
}
