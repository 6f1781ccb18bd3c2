import ArgumentParser
import CommandSupport

/// `--data`, or by default a directory in the state folder, one per port: each port is a separate chat.
struct DataDirectory: ParsableArguments {
  @Option(name: .customLong("data"), help: ServerSetting.data.help, transform: pathArgument)
  var given: String?

  static func path(_ given: String?, port: Int, folder: String) -> String {
    given ?? (port == PortOption.standard ? folder : "\(folder)/port-\(port)")
  }
}
