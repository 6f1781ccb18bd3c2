/// The first word of a client's line. Upper case on the wire, read in any letter case.
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
    self.init(rawValue: word.uppercased())
  }
}
