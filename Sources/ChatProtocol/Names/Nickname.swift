/// The name of a person in the chat: shown as it was typed, compared without regard to case.
public struct Nickname: Sendable {
  /// At most this many bytes of UTF-8.
  public static let maximumBytes = 32

  /// The name as its owner typed it.
  public let text: String

  /// What two names are compared by. Shares its storage with `text` where they are the same.
  private let folded: String

  /// - Returns: nil where the text is empty, longer than `maximumBytes`, or holds white space, a control
  ///   character, or a format character (a name with an invisible or reordering character is a disguise).
  public init?(_ text: some StringProtocol) {
    let size = text.utf8.count
    guard size > 0, size <= Self.maximumBytes else { return nil }
    guard text.unicodeScalars.allSatisfy(Self.isAllowed) else { return nil }
    self.text = String(text)
    let lower = self.text.lowercased()
    self.folded = lower == self.text ? self.text : lower
  }

  private static func isAllowed(_ scalar: Unicode.Scalar) -> Bool {
    if scalar.isASCII { return scalar.value > 0x20 && scalar.value != 0x7f }
    if scalar.properties.isWhitespace { return false }
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: return false
    default: return true
    }
  }
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
