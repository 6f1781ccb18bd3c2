import ArgumentParser

/// `--data`, or else a directory of the state folder: each port is a chat of its own.
struct DataDirectory: ParsableArguments {
  @Option(
    name: .customLong("data"),
    help: ArgumentHelp(
      """
      Where the messages are kept. (default: $XDG_STATE_HOME/swiftchat, which is ~/.local/state/swiftchat; port-N in it \
      for another port than 4000)
      """, valueName: "directory"))
  var given: String?

  func validate() throws {
    if let given, given.isEmpty { throw ValidationError("--data must name a directory.") }
  }

  /// - Throws: `Failure` where none was given and there is no home.
  func path(port: Int) throws -> String {
    guard given == nil, StateFolder.path == nil else {
      return Self.path(given, port: port, folder: StateFolder.path ?? "")
    }
    throw Failure("there is no home to keep messages in; name a directory with --data")
  }

  static func path(_ given: String?, port: Int, folder: String) -> String {
    given ?? (port == PortOption.standard ? folder : "\(folder)/port-\(port)")
  }
}
