import ChatProtocol

extension SlashCommand {
  /// Commands and further input under one title of help.
  struct CommandGroup: Sendable {
    let title: String
    let commands: [SlashCommand]
    var isForOperators = false
    /// Further input with its effect.
    var notes: [(input: String, help: String)] = []
  }

  /// The table, in the order of help.
  static let groups = [
    CommandGroup(
      title: "Commands", commands: talking,
      notes: [(input: "//text", help: "send a text that begins with a slash")]),
    CommandGroup(title: "Rooms", commands: rooms),
    CommandGroup(title: "Server", commands: server),
    CommandGroup(title: "Notifications", commands: notifying),
    CommandGroup(title: "Client", commands: client),
    CommandGroup(title: "For operators", commands: operators, isForOperators: true),
  ]

  static let all = groups.flatMap(\.commands)

  /// - Parameter word: a name or an alias, in any case.
  static func named(_ word: some StringProtocol) -> SlashCommand? { byName[String(word).folded()] }

  /// The names and aliases of all commands, in lower case.
  static let names = Set(byName.keys)

  private static let byName = Dictionary(
    all.flatMap { command in ([command.name] + command.aliases).map { ($0, command) } },
    uniquingKeysWith: { first, _ in first })
}
