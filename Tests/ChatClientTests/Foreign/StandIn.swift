/// A chat server of the plain dialect as other people write them: what it says to each line, in a few lines. By default
/// it is the course's own.
struct StandIn {
  /// What it says to a line that it does not know, before and after login.
  var expectsLogin = "ERR expected-login"
  var unknownCommand: String? = "ERR unknown-command"
  var knowsPing = true
  var takesNamesOfSeveralWords = true
  /// Whether a message comes back to its author.
  var echoes = true
  /// How everybody reads a message.
  var message: @Sendable (_ author: String, _ text: String) -> String = { "MSG \($0) \($1)" }
  var direct: @Sendable (_ author: String, _ text: String) -> String = { "DM \($0) \($1)" }
  /// What the author of a direct message is told.
  var receipt: (@Sendable (_ author: String, _ reader: String, _ text: String) -> String)?
  var noSuchUser: @Sendable (_ name: String) -> String = { _ in "ERR user-not-found" }
  /// The answer to `WHO`; nil: it does not know it.
  var who: (@Sendable (_ people: [String]) -> [String])? = { $0.map { "USER \($0)" } }
  /// What the others are told of somebody who comes.
  var arrival: (@Sendable (_ name: String) -> String)?
  var departure: (@Sendable (_ name: String) -> String)? = { "INFO \($0) disconnected" }
  var greeting: [String] = []

  private(set) var people: [String] = []
  /// The client's name, once it is logged in.
  private(set) var name: String?
  /// Every line that it has read.
  private(set) var heard: [String] = []

  /// Somebody else comes.
  /// - Returns: what the client hears of it.
  mutating func come(_ name: String) -> [String] {
    people.append(name)
    return self.name == nil ? [] : arrival.map { [$0(name)] } ?? []
  }

  mutating func go(_ name: String) -> [String] {
    people.removeAll { $0 == name }
    return self.name == nil ? [] : departure.map { [$0(name)] } ?? []
  }

  /// What the client hears of what another one says.
  func say(_ text: String, by author: String) -> [String] { name == nil ? [] : [message(author, text)] }

  mutating func hear(_ line: String) -> [String] {
    heard.append(line)
    let words = line.split(separator: " ", maxSplits: 1).map(String.init)
    let rest = words.count > 1 ? words[1] : ""
    guard let name else {
      guard words.first == "LOGIN" else { return [expectsLogin] }
      guard !rest.isEmpty, takesNamesOfSeveralWords || !rest.contains(" ") else { return ["ERR invalid-username"] }
      guard !people.contains(rest) else { return ["ERR username-taken"] }
      name = rest
      people.append(rest)
      return ["OK"] + greeting
    }
    switch words.first {
    case "MSG":
      let text = rest.split(separator: " ").joined(separator: " ")
      return echoes ? [message(name, text)] : []
    case "DM":
      let parts = rest.split(separator: " ", maxSplits: 1).map(String.init)
      guard parts.count == 2, people.contains(parts[0]) else { return [noSuchUser(parts.first ?? "")] }
      return (parts[0] == name ? [direct(name, parts[1])] : []) + (receipt.map { [$0(name, parts[0], parts[1])] } ?? [])
    case "WHO": return who.map { $0(people) } ?? (unknownCommand.map { [$0] } ?? [])
    case "PING": return knowsPing ? ["PONG"] : unknownCommand.map { [$0] } ?? []
    default: return unknownCommand.map { [$0] } ?? []
    }
  }
}
