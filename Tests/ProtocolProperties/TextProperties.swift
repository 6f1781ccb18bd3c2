import ChatProtocol
import ChatRecords

/// Properties of any text and each of its words.
enum TextProperties {
  static func violation(of text: String) -> String? {
    let shown = DisplayText.sanitize(text)
    if let scalar = shown.unicodeScalars.first(where: isDangerous) {
      return "U+\(String(scalar.value, radix: 16)) is shown"
    }
    if Array(DisplayText.sanitize(shown).utf8) != Array(shown.utf8) { return "what is safe is changed again" }
    if shown.utf8.count > 3 * text.utf8.count { return "what is shown is \(shown.utf8.count) bytes long" }
    for word in text.utf8.split(whereSeparator: { $0 == 0x20 || $0 == 0x09 }).prefix(20) {
      if let violation = violation(ofWord: String(Substring(word))) { return violation }
    }
    return nil
  }

  /// Scalars that control a terminal or reorder text.
  private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate: true
    default: scalar.properties.isBidiControl || scalar.properties.isDefaultIgnorableCodePoint
    }
  }

  private static func violation(ofWord word: String) -> String? {
    if let name = Nickname(word) {
      if DisplayText.sanitize(word).isEmpty { return "the name \(name) cannot be seen" }
      if name.skeleton.utf8.count > 32 * word.utf8.count { return "the skeleton of \(name) is too long" }
    }
    let forms: [(String, (String) -> String?)] = [
      ("subject", { Subject($0)?.text }), ("network", { Network($0)?.description }),
      ("address", { IPAddress($0)?.description }), ("target", { Target($0)?.text }),
      ("room", { RoomName($0)?.text }), ("time", { Timestamp($0)?.description }), ("epoch", { Epoch($0)?.text }),
      ("key", { PublicKey($0)?.text }), ("pin", { Pin($0)?.text }),
    ]
    for (kind, form) in forms {
      guard let once = form(word) else { continue }
      guard let twice = form(once) else { return "the \(kind) \(once.debugDescription) cannot be read again" }
      if Array(once.utf8) != Array(twice.utf8) { return "the \(kind) \(once) became \(twice)" }
    }
    for count in [1, 2, 3, 32, 64] {
      if let bytes = Base64URL.decode(word, bytes: count), Base64URL.encode(bytes) != word {
        return "\(word) is written in two ways"
      }
    }
    if let span = Duration(span: word), span <= .zero { return "\(word) is no span" }
    _ = SearchQuery(word)
    return nil
  }
}
