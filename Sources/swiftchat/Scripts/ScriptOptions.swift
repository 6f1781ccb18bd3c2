import ArgumentParser
import ChatModel
import ChatProtocol
import CommandSupport

/// The options of all commands for scripts.
struct ScriptOptions: ParsableArguments {
  @OptionGroup var settings: ClientSettingsOption

  @Option(help: ArgumentHelp("\(ServerArgument.forms) (default: \(ServerArgument.standard))", valueName: "server"))
  var server: String?

  @Option(
    help:
      "The name to log in with. (default: `name` in the settings, the name that the client used last, or your login name)"
  )
  var name: String?

  @Option(
    help: ArgumentHelp(
      "Time limit for a connection and for each answer, with repeated attempts: 30s, 5m.", valueName: "span"))
  var timeout: ScriptTimeout = ScriptTimeout(duration: .seconds(30))

  func validate() throws {
    try ServerArgument.check(server)
    _ = try NameArgument.resolve(name)
  }

  /// The server, and the user there.
  func user() throws -> ScriptUser {
    let files = UserFiles()
    let choice = try ServerArgument.resolve(server, file: settings.config)
    let usual = try choice.nickname ?? files.rememberedName() ?? LoginName.current
    return ScriptUser(
      name: try NameArgument.resolve(name) ?? usual, usualName: usual, link: choice.link, files: files,
      patience: timeout.duration)
  }
}

/// A user of scripts on one server.
struct ScriptUser {
  var name: Nickname
  /// The name under which the user's client logs in.
  var usualName: Nickname
  var link: ShareLink
  var files: UserFiles
  /// The time limit for a connection and for an answer.
  var patience: Duration

  var endpoint: Endpoint { link.endpoint }
  var scriptLink: ScriptLink { ScriptLink(endpoint: endpoint, patience: patience) }
}

/// A span from one second to a day.
struct ScriptTimeout: ExpressibleByArgument, CustomStringConvertible {
  let duration: Duration

  init(duration: Duration) { self.duration = duration }

  init?(argument: String) {
    guard let duration = Duration(span: argument) ?? Duration(span: "\(argument)s"), duration <= .seconds(86_400) else {
      return nil
    }
    self.duration = duration
  }

  var description: String { "\(duration.components.seconds)s" }
}

/// A conversation on the command line: a room, or a person with or without the `@`.
struct ScriptTarget: ExpressibleByArgument {
  let target: Target

  init(_ target: Target) { self.target = target }

  init?(argument: String) {
    // A nickname may begin with # or @, but the text is then read as a room, or as a person with the @.
    guard let target = Target(argument) ?? Nickname(argument).map({ .person($0) }) else { return nil }
    self.target = target
  }

  var defaultValueDescription: String { target.text }
}
