/// Matches an answer to its `HubAction.erase`.
public struct EraseID: Hashable, Sendable {
  public let number: UInt64

  public init(_ number: UInt64) { self.number = number }
}
