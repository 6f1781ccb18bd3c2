/// The first word of a client's line. Upper case on the wire, read in any case of its ASCII letters.
public enum Verb: String, CaseIterable, Sendable {
  case login = "LOGIN"
  case message = "MSG"
  case direct = "DM"
  case who = "WHO"
  case ping = "PING"
  case quit = "QUIT"
  case away = "AWAY"
  case capabilities = "CAP"

  init?(reading word: Substring) {
    guard word.utf8.count <= 5 else { return nil }
    // As nearly everybody writes it.
    if let verb = Verb(rawValue: String(word)) {
      self = verb
    } else {
      self.init(rawValue: word.asciiUppercased())
    }
  }
}

extension Substring {
  /// Other letters stay: `ſ` and `ı` are an S and an I in upper case, and would spell verbs.
  func asciiUppercased() -> String {
    String(decoding: utf8.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
  }
}
