import ChatProtocol
import ChatRecords

/// A message as `log export` prints it.
struct ExportedMessage: Encodable {
  private let room: String?
  private let between: [String]?
  private let seq: Int
  private let id: Int
  private let time: String
  private let author: String
  private let kind: String
  private let text: String

  init(_ message: StoredMessage) {
    switch message.conversation {
    case .room(let name):
      room = name.text
      between = nil
    case .pair:
      room = nil
      between = [message.author.text, message.reader?.text ?? ""]
    }
    seq = message.sequence
    id = message.id
    time = message.time.description
    author = message.author.text
    kind = message.kind.jsonName
    text = message.text
  }
}
