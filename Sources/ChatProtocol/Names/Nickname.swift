/// The name of a user. It is shown as typed and compared in its folded form (`String.folded`), which ignores case,
/// width and the composition of marks.
public struct Nickname: Sendable {
  /// At most this many bytes of UTF-8.
  public static let maximumBytes = 32

  /// The name as its owner typed it.
  public let text: String

  /// The form used for comparison and for unique keys in a database: equal names have equal bytes. Shares its storage
  /// with `text` if their bytes are equal.
  package let folded: String

  /// - Returns: nil if the text is empty, longer than `maximumBytes`, or contains white space, a control character, a
  ///   format character or another invisible character.
  public init?(_ text: some StringProtocol) {
    let size = text.utf8.count
    guard size > 0, size <= Self.maximumBytes else { return nil }
    // A fast path for ASCII: each direct message contains a name.
    let ascii = text.utf8.withContiguousStorageIfAvailable { bytes in
      (isVisible: bytes.allSatisfy { $0 > 0x20 && $0 < 0x7f }, isLower: !bytes.contains { (0x41...0x5a).contains($0) })
    }
    if let ascii, ascii.isVisible {
      let text = String(text)
      self.init(text, folded: ascii.isLower ? text : text.lowercased())
      return
    }
    guard text.unicodeScalars.allSatisfy(\.isAllowedInName) else { return nil }
    // Skin tone modifiers alone are invisible: they apply to the preceding character.
    guard text.unicodeScalars.contains(where: { $0.isASCII || !$0.properties.isEmojiModifier }) else { return nil }
    self.init(checked: String(text))
  }

  /// Accepts a name of several words with single spaces between them, as foreign servers may send it. A swiftchat
  /// server never has such names.
  public init?(spaced text: some StringProtocol) {
    guard (1...Self.maximumBytes).contains(text.utf8.count) else { return nil }
    let words = String(text).utf8.split(separator: UInt8(ascii: " "), omittingEmptySubsequences: false)
    guard words.allSatisfy({ Nickname(Substring($0)) != nil }) else { return nil }
    self.init(checked: String(text))
  }

  private init(checked text: String) {
    let folded = text.folded()
    // `==` takes a composed text for equal to its decomposed form.
    self.init(text, folded: folded.utf8.elementsEqual(text.utf8) ? text : folded)
  }

  private init(_ text: String, folded: String) {
    self.text = text
    self.folded = folded
  }

  /// Whether the name has several words.
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
