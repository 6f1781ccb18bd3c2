/// Where a message goes, and where an answer to it would go: `#room` or `@name` on the wire.
public enum Target: Hashable, Sendable {
  case room(RoomName)
  /// The other one of two.
  case person(Nickname)

  /// - Returns: nil where the word is neither a room nor somebody's name behind an `@`.
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

  /// Reads what `text` gives, also of somebody whose name has several words, whom only other people's servers know.
  public init?(remembered text: String) {
    if let target = Target(text) {
      self = target
    } else if text.utf8.first == UInt8(ascii: "@"), let name = Nickname(spaced: text.dropFirst()) {
      self = .person(name)
    } else {
      return nil
    }
  }

  public static let lobby = Target.room(.lobby)

  /// As it stands on the wire and on the screen.
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
