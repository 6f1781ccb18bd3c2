import ChatModel
import ChatProtocol

extension TranscriptEntry.Body {
  /// The text of an entry, without its author.
  func words(_ guests: Guests) -> String {
    switch self {
    case .message(let message): return message.action ?? message.text
    // The author's name stays, because others may have answered.
    case .redacted(let author, let name):
      return name.map { $0 == author ? "(removed)" : "(removed by \(guests.shown($0)))" } ?? "(removed)"
    case .topic(let author, let text):
      let name = guests.shown(author)
      return text.isEmpty ? "\(name) cleared the topic" : "\(name) set the topic: \(text)"
    case .notice(let text), .alert(let text): return text
    case .presence(let changes): return PresenceChange.describe(changes, guests)
    case .away(let name, let text): return Person(name, away: text, isGuest: guests.contains(name)).awayText
    case .back(let name): return "\(guests.shown(name)) is back"
    }
  }
}
