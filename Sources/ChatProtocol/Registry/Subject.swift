/// Whom a sanction is about. One word on the wire: `@name`, `key:…`, `192.0.2.7` or `192.0.2.0/24`.
public enum Subject: Hashable, Sendable {
  case name(Nickname)
  case key(PublicKey)
  case network(Network)

  private static let keyMark = "key:"

  /// Reads also a name without the `@`, where it looks like nothing else: a network that was mistyped is nobody's name.
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
    } else if !Self.resemblesNetwork(word), let name = Nickname(word) {
      self = .name(name)
    } else {
      return nil
    }
  }

  /// Hexadecimal digits with dots, colons or slashes, and nothing else.
  private static func resemblesNetwork(_ word: some StringProtocol) -> Bool {
    var hasMark = false
    for byte in word.utf8 {
      switch byte {
      case UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"): hasMark = true
      case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
        UInt8(ascii: "A")...UInt8(ascii: "F"):
        continue
      default: return false
      }
    }
    return hasMark
  }

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
