/// An error in a typed command, as a sentence.
public struct UsageError: Error, Hashable, CustomStringConvertible, Sendable {
  public let description: String
  /// Whether the command stays in the input, because part of it would be lost.
  let keepsInput: Bool

  public init(_ description: String) { self.init(description, keepsInput: false) }

  init(_ description: String, keepsInput: Bool) {
    self.description = description
    self.keepsInput = keepsInput
  }
}
