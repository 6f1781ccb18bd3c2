import ChatHub
import ChatProtocol
import ChatRecords

/// A model of a store that several hubs share: it orders their messages and changes in one feed, and refuses a proposal
/// if the feed has a change that its hub had not received when it decided.
struct SharedStore {
  private(set) var log = LogModel()
  private(set) var registry = RegistryModel()
  private(set) var presence = PresenceModel()
  /// The place of an entry is its index plus one.
  private(set) var feed: [FeedEntry] = []
  private var stakes: [(place: Int, stake: Stake)] = []
  /// The places of the messages by their ids.
  private(set) var places: [Int: Int] = [:]
  private let checksStakes: Bool
  private(set) var refusals = 0

  init(checksStakes: Bool) { self.checksStakes = checksStakes }

  mutating func begin(_ epoch: Epoch) { log.begin(epoch) }

  mutating func append(_ message: NewMessage) -> StoreOutcome {
    let outcome = log.append(message)
    if case .stored(let stored) = outcome {
      feed.append(.message(stored))
      places[stored.id] = feed.count
    }
    return outcome
  }

  /// - Parameter received: the place up to which the hub had received the feed when it decided.
  /// - Returns: whether the proposal is accepted.
  mutating func propose(_ entry: SharedChange, _ stake: Stake, received: Int) -> Bool {
    if checksStakes, stakes.contains(where: { $0.place > received && stake.conflicts(with: $0.stake) }) {
      refusals += 1
      return false
    }
    for change in entry.changes {
      registry.apply(change)
      log.record(change)
    }
    presence.apply(.change(entry))
    feed.append(.change(entry))
    stakes.append((feed.count, stake))
    return true
  }

  mutating func redact(_ redaction: Redaction, author: MemberID?) -> StoredMessage? {
    let message = log.redact(redaction.conversation, sequence: redaction.sequence, author: author)
    if let message, message.kind != .redacted { feed.append(.redaction(redaction)) }
    return message
  }

  mutating func depart(_ departure: Departure) {
    presence.apply(.departure(departure))
    feed.append(.departure(departure))
  }

  /// The hub is dead.
  mutating func end(_ hub: HubID) {
    presence.apply(.hubEnded(hub))
    feed.append(.hubEnded(hub))
  }

  mutating func keep(_ mark: ReadMark, login: LoginID) {
    log.keep(mark)
    feed.append(.mark(mark, login: login))
  }

  /// A name or key that belongs to two accounts or members; nil if there is none.
  var violation: String? {
    if let violation = presence.violation { return violation }
    let names = registry.state.accounts.map(\.name)
    let keys = registry.state.accounts.flatMap { $0.keys.map(\.key) }
    if Set(names).count != names.count { return "a name has two owners: \(names)" }
    if Set(keys).count != keys.count { return "a key owns two names" }
    return nil
  }
}
