/// Matches an answer to its `HubAction.redact`.
public struct RedactionID: Hashable, Sendable {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }
}
