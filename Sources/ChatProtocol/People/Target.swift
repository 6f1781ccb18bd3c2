/// The destination of a message: `#room` or `@name` on the wire.
public enum Target: Hashable, Sendable {
  case room(RoomName)
  /// The other member of a direct conversation.
  case person(Nickname)

  /// - Returns: nil unless the word is a room name, or a nickname after an `@`.
  public init?(_ word: some StringProtocol) {
    if let room = RoomName(word) {
      self = .room(room)
    } else if word.utf8.first == UInt8(ascii: "@"),
      let name = Nickname(String(decoding: word.utf8.dropFirst(), as: UTF8.self))
    {
      self = .person(name)
    } else {
      return nil
    }
  }

  /// Reads what `text` returns, including names of several words, which only foreign servers have.
  public init?(remembered text: String) {
    if let target = Target(text) {
      self = target
    } else if text.utf8.first == UInt8(ascii: "@"), let name = Nickname(spaced: Substring(text.utf8.dropFirst())) {
      self = .person(name)
    } else {
      return nil
    }
  }

  public static let lobby = Target.room(.lobby)

  /// The form used on the wire and on the screen.
  public var text: String {
    switch self {
    case .room(let room): room.text
    case .person(let name): "@" + name.text
    }
  }
}

extension Target: CustomStringConvertible {
  public var description: String { text }
}
