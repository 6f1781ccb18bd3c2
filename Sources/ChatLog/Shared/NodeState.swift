import ChatProtocol
import ChatRecords

/// A node of a shared log, for operators.
public struct NodeState: Hashable, Sendable {
  public var hub: HubID
  /// Given by the node, such as `host:port`.
  public var name: String
  public var started: Timestamp
  /// The rest of its lease; negative if the lease has expired and the node will be declared dead.
  public var lease: Duration
  /// The number of places that the feed is ahead of the node.
  public var lag: Int
  public var people: Int
  public var logins: Int

  public init(hub: HubID, name: String, started: Timestamp, lease: Duration, lag: Int, people: Int, logins: Int) {
    self.hub = hub
    self.name = name
    self.started = started
    self.lease = lease
    self.lag = lag
    self.people = people
    self.logins = logins
  }
}
