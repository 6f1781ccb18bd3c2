import ChatProtocol

/// The slash commands: the single list that parsing, completion and help read.
enum SlashCommand: String, CaseIterable, Sendable {
  case dm, me, search, remove, who, away, back
  case join, part, rooms, topic, create, invite, uninvite
  case connect, name, key, trust, ping
  case close, clear, help, quit
  case kick, ban, unban, mute, unmute, bans, slow, delete, op, deop, ops, audit

  /// Groups of commands in help.
  enum Group: String, CaseIterable, Sendable {
    case talking = "Commands"
    case rooms = "Rooms"
    case server = "Server"
    case client = "Client"
    case operators = "For operators"
  }

  var group: Group {
    switch self {
    case .dm, .me, .search, .remove, .who, .away, .back: .talking
    case .join, .part, .rooms, .topic, .create, .invite, .uninvite: .rooms
    case .connect, .name, .key, .trust, .ping: .server
    case .close, .clear, .help, .quit: .client
    case .kick, .ban, .unban, .mute, .unmute, .bans, .slow, .delete, .op, .deop, .ops, .audit: .operators
    }
  }

  /// The parameters, as help shows them.
  var parameters: String {
    switch self {
    case .dm: "NAME [TEXT]"
    case .me: "TEXT"
    case .join, .part: "[#ROOM]"
    case .topic: "[TEXT]"
    case .create: "#ROOM"
    case .invite, .uninvite: "NAME [#ROOM]"
    case .search: "WORDS"
    case .remove: "[REASON]"
    case .name: "NAME"
    case .key: "[list|add REQUEST|remove KEY]"
    case .connect: "HOST[:PORT]"
    case .away: "[TEXT]"
    case .kick: "NAME [REASON]"
    case .ban: "WHO [SPAN] [REASON]"
    case .unban: "WHO"
    case .mute: "NAME [SPAN] [REASON]"
    case .unmute, .op, .deop: "NAME"
    case .slow: "SECONDS"
    case .delete: "#ROOM [REASON]"
    case .audit: "[NUMBER]"
    case .rooms, .who, .ping, .trust, .back, .close, .clear, .help, .quit, .bans, .ops: ""
    }
  }

  /// The command with its parameters, as quoted in a usage error.
  var usage: String {
    switch self {
    case .key: "/key list, /key add REQUEST [LABEL] or /key remove KEY"
    default: "/\(rawValue) \(parameters)".trimmingSpaces
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
    case .create: "make a room for invited people only"
    case .invite: "let somebody into such a room"
    case .uninvite: "let them in no more"
    case .search: "find what was said, from:NAME in:#ROOM on:DAY"
    case .remove: "take away a message of yours; operators: any"
    case .who: "list who is here"
    case .ping: "measure the way to the server"
    case .name: "use another name"
    case .key: "the keys that your name belongs to"
    case .connect: "join another server"
    case .trust: "accept that the server has another key now"
    case .away: "say that you are away, and why"
    case .back: "say that you are back"
    case .close: "close this tab, and leave its room"
    case .clear: "clear this pane"
    case .help: "keys and commands"
    case .quit: "leave"
    case .kick: "throw somebody out"
    case .ban: "keep out a name, address, network or key:…"
    case .unban: "let them in again"
    case .mute: "let somebody only read; SPAN: 30m 12h 7d 2w"
    case .unmute: "let them write again"
    case .bans: "list who is banned or muted"
    case .slow: "between two messages of one person here; 0: off"
    case .delete: "delete a room, with all that was said in it"
    case .op: "make somebody an operator"
    case .deop: "make them one no more"
    case .ops: "list the operators"
    case .audit: "list what operators did last"
    }
  }

  /// A parameter that can be completed.
  enum Parameter: Sendable {
    case person, room, span
    /// `list`, `add` or `remove`; one of the listed keys.
    case keyAction, key
    /// A subject from the last list of bans or mutes.
    case banned, muted
  }

  /// The first parameters, as far as they can be completed.
  var completable: [Parameter] {
    switch self {
    case .dm, .kick, .op, .deop: [.person]
    case .join, .part, .delete: [.room]
    case .invite, .uninvite: [.person, .room]
    case .ban, .mute: [.person, .span]
    case .key: [.keyAction, .key]
    case .unban: [.banned]
    case .unmute: [.muted]
    default: []
    }
  }
}

/// Submitted input.
enum Submission: Hashable {
  case text(String)
  case command(SlashCommand, arguments: String)
  /// A slash before a word that is no command: never sent as chat.
  case unknownCommand(String)

  /// `//` at the start is sent as one slash.
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
    guard let command = SlashCommand(rawValue: String(word).folded()) else {
      self = .unknownCommand(String(word))
      return
    }
    let rest = input.dropFirst(word.count + 1)
    self = .command(command, arguments: rest.trimmingSpaces)
  }

  /// The part that is sent as messages.
  var text: String {
    switch self {
    case .text(let text), .command(.dm, let text), .command(.me, let text): text
    case .command, .unknownCommand: ""
    }
  }
}

extension StringProtocol {
  /// A typed word, sanitized and short enough to quote in a sentence.
  var sanitizedWord: String { DisplayText.sanitize(String(self)).truncated(to: 24) }

  var trimmingSpaces: String {
    var text = Substring(self)
    while text.first?.isWhitespace == true { text.removeFirst() }
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
