import ArgumentParser
import ChatProtocol
import CommandSupport
import Platform

/// `swiftchat identity import`
struct IdentityImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Use a key that was exported.")

  @Argument(help: "The file, or - for standard input.", transform: pathArgument)
  var file: String

  @Flag(help: "In place of the key that is there, which is kept beside it.")
  var force = false

  func run() throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let identity = try IdentityFile.identity(in: text(), of: file == "-" ? "standard input" : file)
    let destination = try IdentityCommand.file()
    if try destination.make(identity) { return try announce(identity.publicKey.text) }
    if try destination.identity() == identity.publicKey { return try announce(identity.publicKey.text) }
    guard force else {
      throw Failure("there is another key in \(destination.path) already; --force takes this one, and keeps that")
    }
    if let backup = try destination.replace(with: identity) {
      note("The key that was there is in \(backup) now.")
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
