/// Identifies one message from the Enter key to the server's answer. Chosen by the sender, which never uses one twice.
public struct SendID: Hashable, Sendable, Codable {
  public var rawValue: UInt64

  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}
