/// The subject of a sanction. One word on the wire: `@name`, `key:…`, `192.0.2.7` or `192.0.2.0/24`.
public enum Subject: Hashable, Sendable, Codable {
  case name(Nickname)
  case key(PublicKey)
  case network(Network)

  private static let keyMark = "key:"

  /// Also reads a name without the `@`, unless the word resembles an address: a mistyped network, a mask such as
  /// `*!*@192.0.2.7`, an address range or a host name is not taken for a name. With the `@` such a word is read as a
  /// name.
  public init?(_ word: some StringProtocol) {
    if word.utf8.starts(with: Self.keyMark.utf8) {
      guard let key = PublicKey(String(decoding: word.utf8.dropFirst(Self.keyMark.utf8.count), as: UTF8.self)) else {
        return nil
      }
      self = .key(key)
    } else if word.utf8.first == UInt8(ascii: "@") {
      guard let name = Nickname(String(decoding: word.utf8.dropFirst(), as: UTF8.self)) else { return nil }
      self = .name(name)
    } else if let network = Network(word) {
      self = .network(network)
    } else if !Self.resemblesMask(word), let name = Nickname(word) {
      self = .name(name)
    } else {
      return nil
    }
  }

  /// Whether the word has a separator or wildcard of an address or host name.
  private static func resemblesMask(_ word: some StringProtocol) -> Bool {
    word.utf8.contains { ".:/*?@%".utf8.contains($0) }
  }

  /// The syntax of subjects, for messages to the user.
  public static let forms = "@name, an address (192.0.2.7), a network (192.0.2.0/24) or a key (key:…)"

  public var text: String {
    switch self {
    case .name(let name): "@" + name.text
    case .key(let key): Self.keyMark + key.text
    case .network(let network): network.description
    }
  }
}

extension Subject: CustomStringConvertible {
  public var description: String { text }
}
