/// Why no certificate is available, in words for the operator: the cause, the file, and what to do.
public struct IdentityError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
