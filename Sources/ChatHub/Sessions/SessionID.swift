import ChatProtocol

/// Identifies one connection. Never reused by one hub.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }

  public var description: String { String(number) }
}
