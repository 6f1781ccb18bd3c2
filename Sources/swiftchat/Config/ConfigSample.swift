import ArgumentParser
import CommandSupport

/// `swiftchat config sample`
struct ConfigSample: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Print a settings file with all settings and their defaults.")

  func run() throws {
    ignoreBrokenPipes()
    try StandardOutput.write(SampleFile<ClientSetting>.text)
  }
}
