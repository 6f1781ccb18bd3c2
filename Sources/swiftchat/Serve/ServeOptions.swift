import ArgumentParser
import ChatServer
import CommandSupport
import Logging

/// The settings of a server as flags; nil if a flag is not given.
struct ServeOptions: ParsableArguments {
  @Option(help: Settings.host.help, transform: hostArgument)
  var host: [String] = []

  @OptionGroup var port: PortOption

  @OptionGroup var data: DataDirectory

  @Option(help: Settings.keep.help)
  var keep: KeepOption?

  @Flag(inversion: .prefixedNo, help: Settings.ephemeral.help)
  var ephemeral: Bool?

  @Option(help: Settings.idleTimeout.help)
  var idleTimeout: Timeout?

  @Option(help: Settings.loginTimeout.help)
  var loginTimeout: Timeout?

  @Option(help: Settings.maximumClients.help)
  var maxClients: Int?

  @Option(help: Settings.messageOfTheDay.help, transform: pathArgument)
  var motd: String?

  @Flag(inversion: .prefixedNo, help: Settings.inviteOnly.help)
  var inviteOnly: Bool?

  @OptionGroup var tls: TLSOptions

  @Option(help: Settings.metrics.help)
  var metrics: MetricsAddress?

  @Option(help: Settings.logLevel.help)
  var logLevel: Logger.Level?

  @Option(help: Settings.logFormat.help)
  var logFormat: LogFormat?

  func validate() throws {
    if let maxClients, Settings.maximumClients.form.read(.integer(maxClients)) == nil {
      throw ValidationError(
        "--max-clients is \(maxClients), which is not \(Settings.maximumClients.form.allowed).")
    }
    if ephemeral == true, data.given != nil {
      throw ValidationError("--ephemeral keeps nothing in --data: name one of them.")
    }
  }

  var configuration: ServerConfiguration {
    var given = ServerConfiguration()
    given[Settings.host] = host.isEmpty ? nil : host
    given[Settings.port] = port.port
    given[Settings.data] = data.given
    given[Settings.keep] = keep
    given[Settings.ephemeral] = ephemeral
    given[Settings.idleTimeout] = idleTimeout
    given[Settings.loginTimeout] = loginTimeout
    given[Settings.maximumClients] = maxClients
    given[Settings.messageOfTheDay] = motd
    given[Settings.inviteOnly] = inviteOnly
    given[Settings.metrics] = metrics
    given[Settings.logLevel] = logLevel
    given[Settings.logFormat] = logFormat
    given[Settings.tlsMode] = tls.tls
    given[Settings.tlsCertificate] = tls.cert
    given[Settings.tlsKey] = tls.key
    return given
  }
}

extension MetricsAddress: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
