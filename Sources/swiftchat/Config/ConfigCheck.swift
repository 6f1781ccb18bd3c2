import ArgumentParser
import CommandSupport
import Platform

/// `swiftchat config check`
struct ConfigCheck: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check the client's settings.",
    discussion: """
      Exits with 78 and names the first mistake and its line, if there is one. Warns of colours that are hard to read.
      """)

  @OptionGroup var settings: ClientSettingsOption

  func run() throws {
    ignoreBrokenPipes()
    let source = try settings.source()
    let read = try source.read()
    let file = source.existingPath
    for (line, text) in ClientSetting.colorWarnings(in: read) {
      let place = line.flatMap { line in file.map { "\($0), line \(line): " } } ?? ""
      write("Warning: \(place)\(text)\n", to: STDERR_FILENO)
    }
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
