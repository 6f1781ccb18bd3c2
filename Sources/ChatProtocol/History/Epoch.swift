/// The part of a log that one run of a server wrote. A log that was recreated, or restored from a copy, does not know
/// the epochs of the previous log, so that a stale cursor is refused and never refers to a different message.
public struct Epoch: Hashable, Sendable {
  /// One word.
  public let text: String

  /// - Returns: nil unless the text has 1 to 64 ASCII letters, digits, dots and hyphens.
  public init?(_ text: some StringProtocol) {
    guard (1...64).contains(text.utf8.count), text.utf8.allSatisfy(Self.isAllowed) else { return nil }
    self.text = String(text)
  }

  /// In the epoch of a direct conversation: the word that identifies the other member, which follows the last dot. Nil
  /// in any other epoch.
  public var person: Substring? {
    text.lastIndex(of: ".").map { text[text.index(after: $0)...] }.flatMap { $0.isEmpty ? nil : $0 }
  }

  private static func isAllowed(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}

extension Epoch: CustomStringConvertible {
  public var description: String { text }
}
