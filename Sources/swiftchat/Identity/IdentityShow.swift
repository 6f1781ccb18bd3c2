import ArgumentParser

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `swiftchat identity show`
struct IdentityShow: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the public half, which everybody may see. Makes a key where there is none.")

  func run() throws {
    ignoreBrokenPipes()
    let loaded = try IdentityCommand.file().loadOrMake()
    if let warning = loaded.warning { write("Warning: \(warning)\n", to: STDERR_FILENO) }
    announce(loaded.identity.publicKey.text)
  }
}
