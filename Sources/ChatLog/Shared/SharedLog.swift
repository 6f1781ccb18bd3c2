import ChatProtocol
import ChatRecords

/// A log that the hubs of several servers write. It brings messages, shared changes and presence into one order, the
/// feed, which every hub receives.
///
/// A server takes part in it as a *node*: one life of one server process, from `begin` until `leave`, or until the other
/// nodes declare it dead. From then on every write of the node throws `LogError.Cause.nodeEnded`, and nothing of it is
/// stored.
///
/// Calls block. `begin` comes first. `append`, `submit`, `redact` and `leave` come from one thread at a time,
/// `entries` from another one, and `renewLease` from a third. A write that throws `LogError.Cause.unreachable` may
/// have been stored: the caller repeats it, with the same keys and numbers, until it returns or throws another error.
public protocol SharedLog: MessageLog {
  /// Registers the node, and reads the state at one place of the feed.
  /// - Parameter name: the node's name for operators, such as `host:port`.
  func begin(_ name: String) throws(LogError) -> SharedLogState

  /// Stores those proposals that are not outdated, and the presence entries, in this order, as one item of the feed for
  /// all of them.
  /// - Returns: the outdated proposals.
  func submit(_ submission: Submission) throws(LogError) -> [OutdatedProposal]

  /// The items behind a place of the feed, in order, at most `FeedItem.pageSize`.
  /// - Parameter waiting: returns after this time without items, if none arrive.
  func entries(after place: Int, waiting: Duration) throws(LogError) -> [FeedItem]

  /// Says that the node is alive, and declares nodes dead whose leases have expired. Due once a second.
  /// - Parameter received: the place up to which the node's hub has received the feed, for operators.
  /// - Returns: the last place of the feed.
  func renewLease(received: Int) throws(LogError) -> Int

  /// The key of all servers, encrypted. If the log has none, it stores this one.
  /// - Returns: the stored key.
  func sealedKey(orStoring key: [UInt8]) throws(LogError) -> [UInt8]

  /// Ends the node's life.
  func leave() throws(LogError)

  /// Sets a function for writes that the log itself repeats until their outcome is known. It is called on the writing
  /// thread before each repetition, with the error of the last one. If it returns false, the write is abandoned: it
  /// throws that error, and may have been stored.
  func beforeRepetition(_ mayRepeat: @escaping @Sendable (LogError) -> Bool)
}

extension SharedLog {
  /// For a log that repeats nothing.
  public func beforeRepetition(_ mayRepeat: @escaping @Sendable (LogError) -> Bool) {}
}

/// The state of a shared log at one place of its feed.
public struct SharedLogState: Hashable, Sendable {
  /// The node's hub.
  public var hub: HubID
  /// The feed begins behind this place.
  public var place: Int
  /// The id of the last message before it; 0 if there is none.
  public var lastID: Int
  public var rooms: [RoomState]
  public var registry: RegistryState
  public var presence: PresenceState

  public init(
    hub: HubID, place: Int, lastID: Int, rooms: [RoomState], registry: RegistryState, presence: PresenceState
  ) {
    self.hub = hub
    self.place = place
    self.lastID = lastID
    self.rooms = rooms
    self.registry = registry
    self.presence = presence
  }
}

/// Changes that a node submits together.
public struct Submission: Hashable, Sendable {
  /// Increases with each submission of the node, so that a repeated one is recognized.
  public var number: Int64
  public var proposals: [ProposedChange]
  /// Entries about read marks and departures, which are never outdated.
  public var presence: [FeedEntry]

  public init(number: Int64, proposals: [ProposedChange] = [], presence: [FeedEntry] = []) {
    self.number = number
    self.proposals = proposals
    self.presence = presence
  }
}

/// A change, and what the decision to propose it depends on.
public struct ProposedChange: Hashable, Sendable {
  public var change: SharedChange
  public var stake: Stake
  /// The place up to which the hub had received the feed when it decided.
  public var received: Int

  public init(_ change: SharedChange, stake: Stake, received: Int) {
    self.change = change
    self.stake = stake
    self.received = received
  }
}

/// A proposal whose decision did not take a change of the feed into account.
public struct OutdatedProposal: Hashable, Sendable {
  public var proposal: ProposalID
  /// The place of the last such change: the request can be decided again when the hub has received it.
  public var place: Int

  public init(_ proposal: ProposalID, place: Int) {
    self.proposal = proposal
    self.place = place
  }
}

/// Entries at one place of the feed.
public struct FeedItem: Hashable, Sendable {
  public var place: Int
  /// The hub that wrote the entries.
  public var hub: HubID
  public var entries: [FeedEntry]

  public init(place: Int, hub: HubID, entries: [FeedEntry]) {
    self.place = place
    self.hub = hub
    self.entries = entries
  }

  /// The maximum number of items that are read at once.
  public static let pageSize = 1000
}
