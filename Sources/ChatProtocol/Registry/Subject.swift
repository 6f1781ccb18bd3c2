/// Whom a sanction is about. One word on the wire: `@name`, `key:…`, `192.0.2.7` or `192.0.2.0/24`.
public enum Subject: Hashable, Sendable {
  case name(Nickname)
  case key(PublicKey)
  case network(Network)

  private static let keyMark = "key:"

  /// Reads also a name without the `@`, where it is no address.
  public init?(_ word: some StringProtocol) {
    if word.hasPrefix(Self.keyMark) {
      guard let key = PublicKey(word.dropFirst(Self.keyMark.count)) else { return nil }
      self = .key(key)
    } else if word.utf8.first == UInt8(ascii: "@") {
      guard let name = Nickname(String(decoding: word.utf8.dropFirst(), as: UTF8.self)) else { return nil }
      self = .name(name)
    } else if let network = Network(word) {
      self = .network(network)
    } else if let name = Nickname(word) {
      self = .name(name)
    } else {
      return nil
    }
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
