import ArgumentParser
import CommandSupport

/// `swiftchat identity`
struct IdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity",
    abstract: "Look after the key by which servers know you.",
    discussion: """
      The client makes one when it starts for the first time. It never leaves this machine by itself: to be the same \
      person on another one, take it there, or let the key of that machine open your name, too, with /key add.

      Examples:
        swiftchat identity show                  the public half
        swiftchat identity request neha HOST     on the other machine: what /key add needs
        swiftchat identity export laptop.key     a copy, to be kept safe
        swiftchat identity import laptop.key     on the other machine
      """,
    subcommands: [IdentityShow.self, IdentityRequest.self, IdentityExport.self, IdentityImport.self],
    defaultSubcommand: IdentityShow.self
  )

  /// - Throws: `Failure` if there is no home directory.
  static func file() throws -> IdentityFile {
    guard let file = UserFiles().identity else {
      throw Failure("there is no home to keep a key in; set HOME or XDG_STATE_HOME")
    }
    return file
  }
}
