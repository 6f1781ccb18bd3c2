import ChatProtocol

// The sign `@` before the name of a person in commands. It is optional, and one sign is never part of the name: the name
// `@x` is written `@@x`.

extension StringProtocol {
  /// The text after the sign of a person, if it begins with one.
  var withoutPersonSign: Substring {
    let text = Substring(self)
    // Bytes, because a name may begin with a combining mark, which is one `Character` with the sign.
    return text.utf8.first == UInt8(ascii: "@") ? Substring(text.utf8.dropFirst()) : text
  }
}

extension Nickname {
  /// Whether a command would read the name without the sign `@` as something else: as a name with the sign, a room, a
  /// key, an address or a network.
  var needsSign: Bool {
    switch text.utf8.first ?? 0 {
    case UInt8(ascii: "@"), UInt8(ascii: "#"): true
    default:
      text.utf8.starts(with: "key:".utf8)
        || (text.utf8.contains { $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: ":") } && Network(text) != nil)
    }
  }

  /// The name as commands read it.
  var asArgument: String { needsSign ? "@" + text : text }
}
