/// The first word of a client's line. Upper case on the wire, read in any case of its ASCII letters.
public enum Verb: String, CaseIterable, Sendable, Codable {
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
    // Every line comes here: comparing numbers takes a fraction of the time of comparing strings.
    guard let packed = Self.packed(word.utf8), let verb = Self.words.first(where: { $0.packed == packed })?.verb else {
      return nil
    }
    self = verb
  }

  private static let words = allCases.compactMap { verb in packed(verb.rawValue.utf8).map { (packed: $0, verb: verb) } }

  /// The word in upper case as a number; nil if it is too long for a verb. Only ASCII letters have an upper case: the
  /// Kelvin sign and others would spell verbs.
  private static func packed(_ word: some Collection<UInt8>) -> UInt64? {
    // Leading zeros would not change the number.
    guard word.count <= 8, word.first != 0 else { return nil }
    return word.reduce(0) { $0 << 8 | UInt64((0x61...0x7a).contains($1) ? $1 - 0x20 : $1) }
  }
}

extension Substring {
  /// Non-ASCII letters are kept: `ſ` and `ı` are S and I in upper case, and would spell verbs.
  func asciiUppercased() -> String {
    String(decoding: utf8.map { (0x61...0x7a).contains($0) ? $0 - 0x20 : $0 }, as: UTF8.self)
  }
}
