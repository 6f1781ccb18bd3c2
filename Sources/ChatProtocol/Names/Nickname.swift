/// The name of a person in the chat: shown as it was typed, compared in its folded form (`String.folded`): without regard
/// to case, width and the composition of marks.
public struct Nickname: Sendable {
  /// At most this many bytes of UTF-8.
  public static let maximumBytes = 32

  /// The name as its owner typed it.
  public let text: String

  /// What two names are compared by, and what a database keeps them unique by. Shares its storage with `text` where they
  /// are the same.
  package let folded: String

  /// - Returns: nil where the text is empty, longer than `maximumBytes`, or holds white space, a control
  ///   character, a format character or another that shows nothing.
  public init?(_ text: some StringProtocol) {
    let size = text.utf8.count
    guard size > 0, size <= Self.maximumBytes else { return nil }
    guard text.unicodeScalars.allSatisfy(\.isAllowedInName) else { return nil }
    // Tones of skin alone show nothing: they belong to what is before them.
    guard text.unicodeScalars.contains(where: { $0.isASCII || !$0.properties.isEmojiModifier }) else { return nil }
    self.init(checked: String(text))
  }

  /// A name as other people's servers may give it, of several words with one space between each two. On our own server
  /// there are no such names.
  public init?(spaced text: some StringProtocol) {
    guard (1...Self.maximumBytes).contains(text.utf8.count) else { return nil }
    let words = String(text).utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.allSatisfy({ Nickname(Substring($0)) != nil }) else { return nil }
    self.init(checked: String(text))
  }

  private init(checked text: String) {
    self.text = text
    let folded = text.folded()
    self.folded = folded == text ? text : folded
  }

  /// Whether it has several words.
  public var isSpaced: Bool { text.utf8.contains(UInt8(ascii: " ")) }
}

extension Nickname: Hashable {
  public static func == (left: Nickname, right: Nickname) -> Bool { left.folded == right.folded }
  public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

extension Nickname: Comparable {
  public static func < (left: Nickname, right: Nickname) -> Bool { left.folded < right.folded }
}

extension Nickname: CustomStringConvertible {
  public var description: String { text }
}
