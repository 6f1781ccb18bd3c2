import ArgumentParser

@main
struct SwiftchatCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "swiftchat",
    abstract: "Chat in the terminal.",
    discussion: """
      Without a subcommand it connects to localhost:4000, and where nothing listens there it offers to host.

      Examples:
        swiftchat                          chat on this machine
        swiftchat connect 192.0.2.7:4000   join somebody's server
        swiftchat serve                    run a server alone
        swiftchat invite                   let somebody into it
        swiftchat admin bans               whom it keeps out
        swiftchat log export               what was said, line by line
        swiftchat bench fanout             measure this binary
      """,
    version: Version.current,
    subcommands: [
      Connect.self, Serve.self, Invite.self, Admin.self, Log.self, IdentityCommand.self, Trust.self, Bench.self,
    ],
    defaultSubcommand: Connect.self
  )
}
