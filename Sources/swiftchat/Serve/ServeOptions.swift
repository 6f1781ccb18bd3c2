import ArgumentParser
import ChatLog
import ChatServer
import CommandSupport
import Logging

/// The settings of a server as flags; nil if a flag is not given.
struct ServeOptions: ParsableArguments {
  @Option(help: ServerSetting.host.help, transform: hostArgument)
  var host: [String] = []

  @OptionGroup var port: PortOption

  @Option(name: .customLong("public-host"), help: ServerSetting.publicHosts.help, transform: publicHostArgument)
  var publicHosts: [String] = []

  @OptionGroup var data: DataDirectory

  @Option(help: ServerSetting.store.help)
  var store: String?

  @Option(help: ServerSetting.keep.help)
  var keep: KeepOption?

  @Flag(inversion: .prefixedNo, help: ServerSetting.ephemeral.help)
  var ephemeral: Bool?

  @Option(help: ServerSetting.idleTimeout.help)
  var idleTimeout: Timeout?

  @Option(help: ServerSetting.loginTimeout.help)
  var loginTimeout: Timeout?

  @Option(help: ServerSetting.maximumClients.help)
  var maxClients: Int?

  @Option(help: ServerSetting.messageOfTheDay.help, transform: pathArgument)
  var motd: String?

  @Flag(inversion: .prefixedNo, help: ServerSetting.inviteOnly.help)
  var inviteOnly: Bool?

  @OptionGroup var tls: TLSOptions

  @Option(help: ServerSetting.metrics.help)
  var metrics: MetricsAddress?

  @Option(help: ServerSetting.logLevel.help)
  var logLevel: Logger.Level?

  @Option(help: ServerSetting.logFormat.help)
  var logFormat: LogFormat?

  func validate() throws {
    if let maxClients, ServerSetting.maximumClients.form.read(.integer(maxClients)) == nil {
      throw ValidationError(
        "--max-clients is \(maxClients), which is not \(ServerSetting.maximumClients.form.allowed).")
    }
    if ephemeral == true, data.given != nil {
      throw ValidationError("--ephemeral keeps nothing in --data: name one of them.")
    }
    guard publicHosts.isEmpty || ServerSetting.publicHosts.form.read(.list(publicHosts.map { .string($0) })) != nil
    else {
      throw ValidationError("--public-host is not \(ServerSetting.publicHosts.form.allowed).")
    }
    if let store, PostgresURL(store) == nil {
      throw ValidationError("--store is not \(ServerSetting.store.form.allowed).")
    }
    if ephemeral == true, store != nil {
      throw ValidationError("--ephemeral keeps nothing in --store: name one of them.")
    }
  }

  var configuration: ServerConfiguration {
    var given = ServerConfiguration()
    given[ServerSetting.host] = host.isEmpty ? nil : host
    given[ServerSetting.port] = port.port
    given[ServerSetting.publicHosts] = publicHosts.isEmpty ? nil : publicHosts
    given[ServerSetting.data] = data.given
    given[ServerSetting.store] = store.flatMap { PostgresURL($0) }
    given[ServerSetting.keep] = keep
    given[ServerSetting.ephemeral] = ephemeral
    given[ServerSetting.idleTimeout] = idleTimeout
    given[ServerSetting.loginTimeout] = loginTimeout
    given[ServerSetting.maximumClients] = maxClients
    given[ServerSetting.messageOfTheDay] = motd
    given[ServerSetting.inviteOnly] = inviteOnly
    given[ServerSetting.metrics] = metrics
    given[ServerSetting.logLevel] = logLevel
    given[ServerSetting.logFormat] = logFormat
    given[ServerSetting.tlsMode] = tls.tls
    given[ServerSetting.tlsCertificate] = tls.cert
    given[ServerSetting.tlsKey] = tls.key
    given[ServerSetting.storeKey] = tls.storeKey
    return given
  }
}

extension MetricsAddress: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
