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
  case join = "JOIN"
  case part = "PART"
  case rooms = "ROOMS"
  case topic = "TOPIC"
  case say = "SAY"
  case history = "HISTORY"
  case search = "SEARCH"
  case resume = "RESUME"
  case mark = "MARK"
  case key = "KEY"
  case create = "CREATE"
  case invite = "INVITE"
  case uninvite = "UNINVITE"
  case admit = "ADMIT"
  case kick = "KICK"
  case ban = "BAN"
  case unban = "UNBAN"
  case bans = "BANS"
  case mute = "MUTE"
  case unmute = "UNMUTE"
  case slow = "SLOW"
  case redact = "REMOVE"
  case delete = "DELETE"
  case makeOperator = "OP"
  case unmakeOperator = "DEOP"
  case operators = "OPS"
  case audit = "AUDIT"

  init?(reading word: Substring) {
    // The Kelvin sign compares equal to K and would spell verbs.
    guard word.utf8.count <= 8, word.utf8.allSatisfy({ $0 < 0x80 }) else { return nil }
    // Nearly all clients send upper case.
    if let verb = Verb(rawValue: String(word)) {
      self = verb
    } else {
      self.init(rawValue: word.asciiUppercased())
    }
  }
}

extension Substring {
  /// Non-ASCII letters are kept: `ſ` and `ı` are S and I in upper case, and would spell verbs.
  func asciiUppercased() -> String {
    String(decoding: utf8.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
  }
}
