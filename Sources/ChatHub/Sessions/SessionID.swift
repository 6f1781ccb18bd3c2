import ChatProtocol

/// Identifies one connection. Never reused by one hub.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }

  public var description: String { String(number) }
}

extension SessionID {
  /// The number itself: the server assigns the numbers in order, so that they do not collide. Each message is looked up
  /// by session several times, and hashing showed in its profile.
  public func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: number) }
}
