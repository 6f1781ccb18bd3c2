/// What can be typed after a slash: the one place that names the commands, for parsing, completion and help.
enum SlashCommand: String, CaseIterable, Sendable {
  case dm, me, join, part, rooms, topic, search, who, ping, name, connect, away, back, close, clear, help, quit

  /// What stands behind the command.
  var parameters: String {
    switch self {
    case .dm: "NAME [TEXT]"
    case .me: "TEXT"
    case .join, .part: "[#ROOM]"
    case .topic: "[TEXT]"
    case .search: "WORDS"
    case .name: "NAME"
    case .connect: "HOST[:PORT]"
    case .away: "[TEXT]"
    case .rooms, .who, .ping, .back, .close, .clear, .help, .quit: ""
    }
  }

  var help: String {
    switch self {
    case .dm: "write to one person, in a tab of their own"
    case .me: "say what you do: * neha waves"
    case .join: "go into a room; one that nobody is in is made"
    case .part: "leave a room, and close its tab"
    case .rooms: "list the rooms"
    case .topic: "show the room's topic, set it; - takes it away"
    case .search: "find what was said, from:NAME in:#ROOM on:DAY"
    case .who: "list who is here"
    case .ping: "measure the way to the server"
    case .name: "use another name"
    case .connect: "join another server"
    case .away: "say that you are away, and why"
    case .back: "say that you are back"
    case .close: "close this tab, and leave its room"
    case .clear: "clear this pane"
    case .help: "keys and commands"
    case .quit: "leave"
    }
  }

  /// Whether its first parameter is somebody's name, to be completed.
  var takesPerson: Bool { self == .dm }

  /// Whether its first parameter is a room, to be completed.
  var takesRoom: Bool { self == .join || self == .part }
}

/// What a person wrote into the input and sent.
enum Submission: Hashable {
  case text(String)
  case command(SlashCommand, arguments: String)
  /// A slash before something that is no command: never sent as chat.
  case unknownCommand(String)

  /// `//` at the start stands for a slash that is sent.
  init(_ input: String) {
    guard input.hasPrefix("/") else {
      self = .text(input)
      return
    }
    guard !input.hasPrefix("//") else {
      self = .text(String(input.dropFirst()))
      return
    }
    let word = input.dropFirst().prefix { !$0.isWhitespace }
    guard let command = SlashCommand(rawValue: word.lowercased()) else {
      self = .unknownCommand(String(word))
      return
    }
    let rest = input.dropFirst(word.count + 1)
    self = .command(command, arguments: rest.trimmingSpaces)
  }

  /// What of it is sent as messages.
  var text: String {
    switch self {
    case .text(let text), .command(.dm, let text), .command(.me, let text): text
    case .command, .unknownCommand: ""
    }
  }
}

extension StringProtocol {
  var trimmingSpaces: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
