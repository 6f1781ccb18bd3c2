/// The name of a room, including its `#`. Compared in its folded form, as a `Nickname` is.
public struct RoomName: Sendable {
  /// At most this many bytes of UTF-8, including the `#`.
  public static let maximumBytes = 64

  /// The room that every user is in.
  public static let lobby = RoomName(trusted: "#lobby")

  /// The name as typed, including the `#`.
  public let text: String
  /// The form used for comparison and for unique keys in a database.
  package let folded: String

  /// - Returns: nil unless the text begins with `#`, has at most `maximumBytes`, and continues with at least one
  ///   character, all of them allowed in a nickname.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count > 1, text.utf8.count <= Self.maximumBytes else {
      return nil
    }
    guard text.unicodeScalars.allSatisfy(\.isAllowedInName) else { return nil }
    self.init(trusted: String(text))
  }

  /// Whether the name has more than skin tone modifiers after the `#`: alone they are invisible. Required of a new room
  /// only, because older rooms in a log keep their names.
  package var isVisible: Bool { text.unicodeScalars.dropFirst().contains { !$0.properties.isEmojiModifier } }

  private init(trusted text: String) {
    self.text = text
    self.folded = text.folded()
  }
}

extension RoomName: Hashable {
  public static func == (left: RoomName, right: RoomName) -> Bool { left.folded == right.folded }
  public func hash(into hasher: inout Hasher) { hasher.combine(folded) }
}

extension RoomName: CustomStringConvertible {
  public var description: String { text }
}
