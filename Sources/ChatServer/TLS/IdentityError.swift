/// Why there is no certificate to show, in words for whoever runs the server: what happened, with which file, and what
/// to do.
public struct IdentityError: Error, Hashable, Sendable, CustomStringConvertible {
  public let description: String

  init(_ description: String) { self.description = description }
}
