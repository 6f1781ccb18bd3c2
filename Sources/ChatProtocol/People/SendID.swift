/// Names one message on its way from the key that sent it to the server's word. Chosen by the sender, who uses none
/// twice.
public struct SendID: Hashable, Sendable {
  public var rawValue: UInt64

  public init(_ rawValue: UInt64) { self.rawValue = rawValue }
}
