import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import DequeModule

/// Brings the feed of a shared log, and the log's answers, into the order that a hub needs: the outcome of its own
/// message comes before the message, and a rejection after the entries that made the decision outdated.
struct FeedSequencer {
  private let hub: HubID
  /// The place up to which the hub has received the feed.
  private(set) var received: Int
  private var items: Deque<FeedItem> = []
  /// Entries of the first item that the hub has received.
  private var entriesReceived = 0
  /// The highest id of the hub's own messages whose outcomes are reported.
  private var reported: Int
  private var rejections: [(after: Int, proposal: ProposalID)] = []

  init(_ state: SharedLogState) {
    hub = state.hub
    received = state.place
    reported = state.lastID
  }

  /// Whether the hub has not received all items.
  var hasItems: Bool { !items.isEmpty }

  /// Whether `next` returns an event.
  var isReady: Bool { hasDueRejection || items.first.map { !waitsForOutcome($0) } ?? false }

  private var hasDueRejection: Bool { rejections.contains { $0.after <= received } }

  /// Whether the next entry is a message of the hub itself whose outcome is not reported yet.
  private func waitsForOutcome(_ item: FeedItem) -> Bool {
    guard item.hub == hub, item.entries.indices.contains(entriesReceived),
      case .message(let message) = item.entries[entriesReceived]
    else { return false }
    return message.id > reported
  }

  /// Appends the items that follow the previous ones.
  mutating func append(_ items: [FeedItem]) { self.items += items.filter { !$0.entries.isEmpty } }

  /// The outcomes of messages are reported to the hub.
  mutating func note(_ outcomes: [StoreOutcome]) {
    for outcome in outcomes { if let id = outcome.message?.id { reported = max(reported, id) } }
  }

  mutating func reject(_ outdated: OutdatedProposal) {
    rejections.append((outdated.place, outdated.proposal))
  }

  /// - Returns: the next event for the hub; nil if it must wait for the log.
  mutating func next() -> HubEvent? {
    if let index = rejections.firstIndex(where: { $0.after <= received }) {
      return .rejected(rejections.remove(at: index).proposal, .outdated)
    }
    guard let item = items.first, !waitsForOutcome(item) else { return nil }
    let entry = item.entries[entriesReceived]
    entriesReceived += 1
    guard entriesReceived == item.entries.count else { return .entry(entry) }
    // The place is reached with its last entry: decisions that this entry causes take it into account.
    items.removeFirst()
    entriesReceived = 0
    received = max(received, item.place)
    return .entry(entry)
  }
}
