import ArgumentParser

/// `swiftchat config`
struct Config: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check and show the client's settings.",
    discussion: """
      The settings of a server are checked by `swiftchat serve --check-config`.

      Examples:
        swiftchat config check     find mistakes in the settings file
        swiftchat config show      list all settings, and where their values come from
        swiftchat config sample    print a settings file with all defaults
      """,
    subcommands: [ConfigCheck.self, ConfigShow.self, ConfigSample.self])
}
