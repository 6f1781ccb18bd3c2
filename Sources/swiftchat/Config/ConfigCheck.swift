import ArgumentParser
import CommandSupport

/// `swiftchat config check`
struct ConfigCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the client's settings.",
    discussion: "Exits with 78 and names the first mistake and its line, if there is one.")

  @OptionGroup var settings: ClientSettingsOption

  func run() throws {
    ignoreBrokenPipes()
    let source = try settings.source()
    _ = try source.read()
    guard let path = source.existingPath else {
      return try announce("[+] There is no settings file, and none is needed")
    }
    try announce("[+] The settings are good: \(path)")
  }
}

extension ConfigurationSource {
  /// The settings file; nil if there is none.
  var existingPath: String? {
    guard let path = path?.0, FileStamp(of: path).exists else { return nil }
    return path
  }
}
