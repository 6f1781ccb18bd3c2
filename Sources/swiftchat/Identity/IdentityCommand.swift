import ArgumentParser
import ChatClient
import ChatProtocol

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// `swiftchat identity`
struct IdentityCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "identity",
    abstract: "Look after the key by which servers know you.",
    discussion: """
      The client makes one when it starts for the first time. It never leaves this machine by itself: to be the same \
      person on another one, take it there, or add that machine's public key with /key add.

      Examples:
        swiftchat identity show                  the public half, for /key add
        swiftchat identity export laptop.key     a copy, to be kept safe
        swiftchat identity import laptop.key     on the other machine
      """,
    subcommands: [IdentityShow.self, IdentityExport.self, IdentityImport.self],
    defaultSubcommand: IdentityShow.self
  )

  /// - Throws: `Failure` where there is no home.
  static func file() throws -> IdentityFile {
    guard let file = UserFiles().identity else {
      throw Failure("there is no home to keep a key in; set HOME or XDG_STATE_HOME")
    }
    return file
  }
}

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

/// `swiftchat identity export`
struct IdentityExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Copy the key, secret and all.")

  @Argument(help: "A file to make, that only you can read. (default: standard output)")
  var file: String?

  func run() throws {
    ignoreBrokenPipes()
    let source = try IdentityCommand.file()
    guard let loaded = try source.load() else { throw Failure("there is no key in \(source.path)") }
    let text = IdentityFile.text(of: loaded.identity)
    guard let file else { return write(text, to: STDOUT_FILENO) }
    guard try PrivateFile(path: file, maximumBytes: 0).create(text) else {
      throw Failure("\(file) is there already, and stays as it is")
    }
  }
}

/// `swiftchat identity import`
struct IdentityImport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Use a key that was exported.")

  @Argument(help: "The file, or - for standard input.")
  var file: String

  @Flag(help: "In place of the key that is there, which is kept beside it.")
  var force = false

  func run() throws {
    ignoreBrokenPipes()
    let text = try file == "-" ? standardInput() : PrivateFile(path: file, maximumBytes: 4096).read()?.text
    guard let text else { throw Failure("there is no file \(file)") }
    guard let identity = IdentityFile.identity(in: text) else { throw Failure("\(file) holds no key that can be read") }
    let destination = try IdentityCommand.file()
    if try destination.make(identity) { return announce(identity.publicKey.text) }
    if try destination.identity() == identity.publicKey { return announce(identity.publicKey.text) }
    guard force else {
      throw Failure("there is another key in \(destination.path) already; --force takes this one, and keeps that")
    }
    if let backup = try destination.replace(with: identity) {
      write("The key that was there is in \(backup) now.\n", to: STDERR_FILENO)
    }
    announce(identity.publicKey.text)
  }

  private func standardInput() -> String {
    var text = ""
    while text.utf8.count <= 4096, let line = readLine(strippingNewline: false) { text += line }
    return text
  }
}

extension IdentityFile {
  /// - Returns: the public half of the key that is there; nil where it cannot be read.
  fileprivate func identity() throws -> PublicKey? { try? load()?.identity.publicKey }
}
