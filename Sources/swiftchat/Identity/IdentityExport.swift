import ArgumentParser
import CommandSupport

/// `swiftchat identity export`
struct IdentityExport: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Print or copy the secret key.")

  @Argument(help: "The file to create, readable only by you. (default: standard output)", transform: pathArgument)
  var file: String?

  func run() throws {
    ignoreBrokenPipes()
    let source = try IdentityCommand.file()
    guard let loaded = try source.load() else { throw Failure("there is no key in \(source.path)") }
    let text = IdentityFile.text(of: loaded.identity)
    guard let file, file != "-" else { return try StandardOutput.write(text) }
    guard try PrivateFile(path: file, maximumBytes: 0).create(text) else {
      throw Failure("\(file) already exists and was not changed")
    }
  }
}
