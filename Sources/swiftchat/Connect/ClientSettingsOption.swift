import ArgumentParser
import CommandSupport

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// `--config` of the commands that use the client's settings.
struct ClientSettingsOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      """
      The client's settings file. (default: $XDG_CONFIG_HOME/swiftchat/client.toml, which is \
      ~/.config/swiftchat/client.toml, if it exists)
      """, valueName: "file"), transform: pathArgument)
  var config: String?

  /// The sources of the client's settings.
  /// - Parameter names: the settings to read; nil for all, which also refuses unknown variables.
  func source(only names: Set<String>? = nil) throws(ConfigurationError) -> ConfigurationSource<ClientSetting> {
    if names == nil { try ClientConfiguration.checkVariables(ProcessInfo.processInfo.environment.keys) }
    return try ConfigurationSource(file: config, environment: environmentValue, only: names)
  }
}
