/// Makes a send idempotent: a message that a member sends twice under the same key is answered twice and published
/// once. Chosen by the client, `cid` on the wire.
public struct IdempotencyKey: Hashable, Sendable {
  public let text: String

  /// - Returns: nil unless the text is 1 to 64 bytes of visible ASCII.
  public init?(_ text: some StringProtocol) {
    guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else { return nil }
    self.text = String(text)
  }
}
