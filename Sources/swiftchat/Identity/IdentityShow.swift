import ArgumentParser
import CommandSupport

/// `swiftchat identity show`
struct IdentityShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the public key. Creates a key if there is none.")

  func run() throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let loaded = try IdentityCommand.file().loadOrMake()
    if let warning = loaded.warning { note("Warning: \(warning)") }
    try announce(loaded.identity.publicKey.text)
  }
}
