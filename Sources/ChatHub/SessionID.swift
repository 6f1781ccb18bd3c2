import ChatProtocol

/// One connection, from its first byte to its last. Never used twice by one hub.
public struct SessionID: Hashable, Sendable, CustomStringConvertible {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }

  public var description: String { String(number) }
}
