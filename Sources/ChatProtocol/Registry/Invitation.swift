/// What lets somebody into a server that is for invited people only.
public struct Invitation: Hashable, Sendable {
  /// SHA-256 of the code: who reads the database cannot come in with it.
  public var digest: [UInt8]
  /// How many people may still come in with it; at 0 it is gone.
  public var uses: Int
  /// Nil: never.
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
