/// The name of a room, written with its `#`. Compared in its folded form, as a `Nickname` is.
public struct RoomName: Sendable {
  /// At most this many bytes of UTF-8, the `#` among them.
  public static let maximumBytes = 64

  /// Where everybody is.
  public static let lobby = RoomName(trusted: "#lobby")

  /// The name as it was written, `#` first.
  public let text: String
  /// What two names are compared by, and what a database keeps them unique by.
  package let folded: String

  /// - Returns: nil where the text does not begin with `#`, or where what follows could not be a nickname
  ///   but for its length.
  public init?(_ text: some StringProtocol) {
    guard text.utf8.first == UInt8(ascii: "#"), text.utf8.count > 1, text.utf8.count <= Self.maximumBytes else {
      return nil
    }
    guard text.unicodeScalars.allSatisfy(\.isAllowedInName) else { return nil }
    self.init(trusted: String(text))
  }

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
