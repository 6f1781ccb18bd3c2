/// A row of the table of slash commands, which parsing, completion, help and the manual page read.
struct SlashCommand: Sendable {
  /// Without the slash.
  let name: String
  /// Other names; help and completion leave them out.
  var aliases: [String] = []
  /// The parameters, as help shows them.
  var parameters = ""
  /// The forms that a usage error quotes; nil for the name with its parameters.
  var forms: String?
  /// The effect, in one line.
  let help: String
  /// The first parameters, as far as they can be completed.
  var completable: [CompletableParameter] = []
  var scope = Scope.anywhere
  var sends = Sends.nothing
  let run: Function

  /// Runs the command, and returns the commands to carry out. Throws `UsageError`, which is shown in the
  /// current tab.
  typealias Function = @Sendable (inout Interface, inout CommandWords) throws -> [InterfaceCommand]

  /// The scope of the command. Outside it, the sentence is shown instead.
  enum Scope: Sendable {
    case anywhere
    /// While connected.
    case online(otherwise: String)
    /// In the tab of a room.
    case room(otherwise: String)
  }

  /// The messages that the arguments become.
  enum Sends: Sendable {
    case nothing
    /// Messages to the current tab.
    case messages
    /// Messages to the person whose name they begin with.
    case directMessages
  }

  /// A parameter that can be completed.
  enum CompletableParameter: Sendable {
    case person, room, span
    /// A server that the settings name.
    case server
    /// An open server.
    case openServer
    /// A level of notifications.
    case level
    /// A person whose messages are hidden.
    case ignored
    /// `list`, `add` or `remove`; one of the listed keys.
    case keyAction, key
    /// A subject from the last list of bans or mutes.
    case banned, muted
  }

  /// The command with its parameters, as quoted in a usage error.
  var usage: String { forms ?? "/\(name) \(parameters)".trimmingSpaces }
}
