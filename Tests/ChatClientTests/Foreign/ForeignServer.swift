/// A model of a plain dialect server by another author: its answer to each line. The defaults describe the course
/// server.
struct ForeignServer {
  /// The answer to an unknown line, before and after login.
  var expectsLogin = "ERR expected-login"
  var unknownCommand: String? = "ERR unknown-command"
  var knowsPing = true
  var takesNamesOfSeveralWords = true
  /// Whether authors receive their own messages.
  var echoes = true
  /// The format of a message for all readers.
  var message: @Sendable (_ author: String, _ text: String) -> String = { "MSG \($0) \($1)" }
  var direct: @Sendable (_ author: String, _ text: String) -> String = { "DM \($0) \($1)" }
  /// The confirmation that the author of a direct message receives, if any.
  var receipt: (@Sendable (_ author: String, _ reader: String, _ text: String) -> String)?
  var noSuchUser: @Sendable (_ name: String) -> String = { _ in "ERR user-not-found" }
  /// The answer to `WHO`; nil if the server does not know it.
  var who: (@Sendable (_ people: [String]) -> [String])? = { $0.map { "USER \($0)" } }
  /// The announcement of an arrival to other users.
  var arrival: (@Sendable (_ name: String) -> String)?
  var departure: (@Sendable (_ name: String) -> String)? = { "INFO \($0) disconnected" }
  var greeting: [String] = []

  private(set) var people: [String] = []
  /// The client's name after login.
  private(set) var name: String?
  /// Every line that the server has read.
  private(set) var received: [String] = []

  /// Another user logs in.
  /// - Returns: the lines that the client receives.
  mutating func arrive(_ name: String) -> [String] {
    people.append(name)
    return self.name == nil ? [] : arrival.map { [$0(name)] } ?? []
  }

  mutating func leave(_ name: String) -> [String] {
    people.removeAll { $0 == name }
    return self.name == nil ? [] : departure.map { [$0(name)] } ?? []
  }

  /// The lines that the client receives when another user sends a message.
  func say(_ text: String, by author: String) -> [String] { name == nil ? [] : [message(author, text)] }

  mutating func receive(_ line: String) -> [String] {
    received.append(line)
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
