import ArgumentParser
import CommandSupport

/// `swiftchat identity`
struct IdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity",
    abstract: "Show, copy and import the key that owns your names.",
    discussion: """
      The client creates the key at its first start. The key stays on this machine. To use your name on another machine, \
      copy the key there, or add that machine's key to your name with /key add.

      Examples:
        swiftchat identity show                  the public key
        swiftchat identity request neha HOST     on the other machine: the argument of /key add
        swiftchat identity export laptop.key     a copy; keep it secret
        swiftchat identity import laptop.key     on the other machine
      """,
    subcommands: [IdentityShow.self, IdentityRequest.self, IdentityExport.self, IdentityImport.self],
    defaultSubcommand: IdentityShow.self
  )

  /// - Throws: `Failure` if there is no home directory.
  static func file() throws -> IdentityFile {
    guard let file = UserFiles().identity else {
      throw Failure("there is no home directory for the key; set HOME or XDG_STATE_HOME")
    }
    return file
  }
}
