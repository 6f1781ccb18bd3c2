import ChatModel
import ChatProtocol
import CommandSupport

/// The output format of `tail`: a line per message, without control characters.
struct TailFormat {
  var isJSON: Bool
  let server: String

  func line(of message: ChatMessage) throws -> String {
    isJSON ? try TailMessage(message, server: server).jsonLine : Self.plainLine(of: message)
  }

  /// `2026-11-22T10:00:00Z #lobby neha: hello`
  private static func plainLine(of message: ChatMessage) -> String {
    let time = message.time.description.prefix(19) + "Z"
    let author = message.author
    let words =
      switch message.kind {
      case .redacted: "\(author): (removed)"
      case .topic where message.text.isEmpty: "* \(author) removed the topic"
      case .topic: "* \(author) set the topic: \(message.text)"
      case .text where message.text.hasPrefix(action): "* \(author) \(message.text.dropFirst(action.count))"
      case .text: "\(author): \(message.text)"
      }
    // A message may have several lines, but is printed on one.
    return DisplayText.sanitize(MessageLines.onOneLine("\(time) \(message.target) \(words)"))
  }

  private static let action = "/me "
}

/// A message as `tail --json` prints it. Servers without a log have neither `id` nor `seq`.
private struct TailMessage: Encodable {
  let author: String
  let id: Int?
  let kind: String
  let own: Bool
  let seq: Int?
  let server: String
  let target: String
  let text: String
  let time: String

  init(_ message: ChatMessage, server: String) {
    author = message.author.text
    id = message.id
    kind = message.kind.jsonName
    own = message.isOwn
    seq = message.sequence
    self.server = server
    target = message.target.text
    text = message.text
    time = message.time.description
  }
}
