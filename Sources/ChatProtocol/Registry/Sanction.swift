/// A ban or mute that an operator imposed.
public struct Sanction: Hashable, Sendable, Codable {
  public enum Kind: String, CaseIterable, Sendable, Codable {
    /// May not log in.
    case ban
    /// May read, but not write.
    case mute
  }

  public var kind: Kind
  public var subject: Subject
  /// Nil if the sanction holds until it is lifted.
  public var until: Timestamp?
  public var by: Nickname
  /// Free text. May be empty.
  public var reason: String
  /// The sanction also applies to guests from these networks, who may be the same person under another name.
  public var blocks: Set<Network> = []

  /// Maximum size of `blocks`.
  public static let maximumBlocks = 16

  public init(kind: Kind, subject: Subject, until: Timestamp?, by: Nickname, reason: String, blocks: Set<Network> = [])
  {
    self.kind = kind
    self.subject = subject
    self.until = until
    self.by = by
    self.reason = reason
    self.blocks = blocks
  }

  public func holds(at time: Timestamp) -> Bool { until.map { time < $0 } ?? true }
}
