import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import TestSupport
import Testing

@testable import ChatServer

@Suite struct FeedSequencerTests {
  private static let own = HubID(1)
  private static let other = HubID(2)

  private static var state: SharedLogState {
    SharedLogState(
      hub: own, place: 10, lastID: 10, rooms: [], registry: RegistryState(), presence: PresenceState())
  }

  private static func message(_ id: Int) -> StoredMessage {
    StoredMessage(
      NewMessage(conversation: .lobby, author: Nickname(testing: "ada"), member: MemberID(1), text: "\(id)"), id: id,
      sequence: id, time: Timestamp(milliseconds: 0))
  }

  private static func item(_ id: Int, by hub: HubID) -> FeedItem {
    FeedItem(place: id, hub: hub, entries: [.message(message(id))])
  }

  private static func departures(_ place: Int, _ logins: ClosedRange<UInt64>) -> FeedItem {
    FeedItem(
      place: place, hub: other, entries: logins.map { .departure(Departure(LoginID($0), of: MemberID(1), .lost)) })
  }

  /// The next events as text, until the sequencer must wait.
  private func events(_ sequencer: inout FeedSequencer) -> [String] {
    var events: [String] = []
    while sequencer.isReady, let event = sequencer.next() {
      switch event {
      case .entry(.message(let message)): events.append("message \(message.id)")
      case .entry(.departure(let departure)): events.append("departure \(departure.login.number)")
      case .rejected(let id, _): events.append("rejected \(id.number)")
      default: events.append("other")
      }
    }
    #expect(sequencer.next() == nil, "it was not ready")
    return events
  }

  @Test func `a message of the hub itself waits for its outcome, and so does what follows`() {
    var sequencer = FeedSequencer(Self.state)
    sequencer.append([
      Self.item(11, by: Self.other), Self.item(12, by: Self.own), Self.item(13, by: Self.other),
    ])
    #expect(events(&sequencer) == ["message 11"])
    #expect(sequencer.received == 11)
    sequencer.note([.conflict, .stored(Self.message(12))])
    #expect(events(&sequencer) == ["message 12", "message 13"])
    #expect(sequencer.received == 13)
    #expect(!sequencer.hasItems)
  }

  @Test func `an outcome may come before its message`() {
    var sequencer = FeedSequencer(Self.state)
    sequencer.note([.duplicate(Self.message(14))])
    sequencer.append([Self.item(14, by: Self.own)])
    #expect(events(&sequencer) == ["message 14"])
  }

  @Test func `a rejection waits for the changes that made the decision outdated`() {
    var sequencer = FeedSequencer(Self.state)
    sequencer.reject(OutdatedProposal(ProposalID(7, of: Self.own), place: 12))
    sequencer.reject(OutdatedProposal(ProposalID(8, of: Self.own), place: 9))
    #expect(events(&sequencer) == ["rejected 8"])
    sequencer.append([Self.item(11, by: Self.other), Self.departures(12, 1...2), Self.item(13, by: Self.other)])
    #expect(events(&sequencer) == ["message 11", "departure 1", "departure 2", "rejected 7", "message 13"])
  }

  @Test func `a place is reached with its last entry`() {
    var sequencer = FeedSequencer(Self.state)
    sequencer.append([Self.departures(11, 1...2)])
    _ = sequencer.next()
    #expect(sequencer.received == 10)
    _ = sequencer.next()
    #expect(sequencer.received == 11)
  }
}
