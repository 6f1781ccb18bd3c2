import ChatProtocol
import ChatRecords

/// An entry of the feed that is not a message, in the form in which a database keeps it.
enum SharedEntry: Hashable, Sendable, Codable {
  /// - Parameter stake: what other decisions are checked against.
  case change(SharedChange, stake: Stake)
  case redaction(Redaction)
  case mark(ReadMark, login: LoginID)
  case departure(Departure)
  case hubEnded(HubID)

  /// - Returns: nil for a message.
  init?(_ entry: FeedEntry) {
    switch entry {
    case .message: return nil
    case .change(let change): self = .change(change, stake: Stake(.change))
    case .redaction(let redaction): self = .redaction(redaction)
    case .mark(let mark, let login): self = .mark(mark, login: login)
    case .departure(let departure): self = .departure(departure)
    case .hubEnded(let hub): self = .hubEnded(hub)
    }
  }

  var entry: FeedEntry {
    switch self {
    case .change(let change, _): .change(change)
    case .redaction(let redaction): .redaction(redaction)
    case .mark(let mark, let login): .mark(mark, login: login)
    case .departure(let departure): .departure(departure)
    case .hubEnded(let hub): .hubEnded(hub)
    }
  }
}
