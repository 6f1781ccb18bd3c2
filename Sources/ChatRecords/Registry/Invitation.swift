import ChatProtocol

/// An invitation to a server that requires one.
public struct Invitation: Hashable, Sendable, Codable {
  /// SHA-256 of the code, so that a copy of the database cannot be used to log in.
  public var digest: [UInt8]
  /// Remaining uses; the invitation is deleted at 0.
  public var uses: Int
  /// Nil if the invitation does not expire.
  public var expires: Timestamp?
  public var by: Nickname

  public init(digest: [UInt8], uses: Int, expires: Timestamp?, by: Nickname) {
    self.digest = digest
    self.uses = uses
    self.expires = expires
    self.by = by
  }

  public func holds(at time: Timestamp) -> Bool { uses > 0 && expires.map { time < $0 } ?? true }
}
