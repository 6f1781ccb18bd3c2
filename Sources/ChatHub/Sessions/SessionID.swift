import ChatProtocol

/// Identifies one connection. Never reused by one hub.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }

  public var description: String { String(number) }
}

extension SessionID {
  /// The server gives out the numbers in order: they need no hashing against collisions, which took a twentieth of the
  /// time of a message.
  public func _rawHashValue(seed: Int) -> Int { Int(truncatingIfNeeded: number) }
}
