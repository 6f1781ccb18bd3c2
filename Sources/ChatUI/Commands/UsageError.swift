/// An error in a typed command, as a sentence.
public struct UsageError: Error, Hashable, CustomStringConvertible, Sendable {
  public let description: String
  public init(_ description: String) { self.description = description }
}
