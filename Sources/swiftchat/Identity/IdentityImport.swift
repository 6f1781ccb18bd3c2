import ArgumentParser
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat identity import`
struct IdentityImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Import an exported key.")

  @Argument(help: "The file, or - for standard input.", transform: pathArgument)
  var file: String

  @Flag(help: "Replace the existing key, which is kept in another file.")
  var force = false

  func run() throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let identity = try IdentityFile.identity(in: text(), of: file == "-" ? "standard input" : file)
    let destination = try IdentityCommand.file()
    if try destination.make(identity) { return try announce(identity.publicKey.text) }
    if try destination.identity() == identity.publicKey { return try announce(identity.publicKey.text) }
    guard force else {
      throw Failure("\(destination.path) already holds another key; --force replaces it and keeps it in another file")
    }
    if let backup = try destination.replace(with: identity) {
      note("The previous key is now in \(backup).")
    }
    try announce(identity.publicKey.text)
  }

  private func text() throws(Failure) -> String {
    guard file != "-" else {
      return try PrivateFile(path: "standard input", maximumBytes: IdentityFile.maximumBytes).text(from: STDIN_FILENO)
    }
    do {
      return try TextFile.read(file, maximumBytes: IdentityFile.maximumBytes, waits: true).text
    } catch {
      throw Failure("cannot read the key from \(file): \(error.reason)")
    }
  }
}

extension IdentityFile {
  /// - Returns: the public key of the file; nil if the file cannot be read.
  fileprivate func identity() throws -> PublicKey? { try? load()?.identity.publicKey }
}
