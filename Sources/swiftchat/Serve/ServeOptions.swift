import ArgumentParser
import ChatServer
import CommandSupport
import Logging

/// The settings of a server as flags; nil if a flag is not given.
struct ServeOptions: ParsableArguments {
  @Option(
    help: "An address or name to listen on; may be given several times. (default: all, IPv4 and IPv6)",
    transform: hostArgument)
  var host: [String] = []

  @OptionGroup var port: PortOption

  @OptionGroup var data: DataDirectory

  @Option(
    help: ArgumentHelp(
      """
      What is kept of each room and of each two people: 90d (or h, w), a number of messages, or both: 90d,100000. \
      (default: all)
      """, valueName: "limit"))
  var keep: KeepOption?

  @Flag(
    inversion: .prefixedNo,
    help: "Keep messages in memory alone, the last ones, until the server ends. (default: --no-ephemeral)")
  var ephemeral: Bool?

  @Option(
    help: ArgumentHelp("Idle timeout; 0 disables it. (default: 60)", valueName: "seconds"))
  var idleTimeout: Timeout?

  @Option(
    help: ArgumentHelp("Login timeout; 0 disables it. (default: 30)", valueName: "seconds"))
  var loginTimeout: Timeout?

  @Option(
    help: ArgumentHelp(
      "How many connections there may be at once. (default: what the limit on open files allows)", valueName: "number"))
  var maxClients: Int?

  @Option(
    help: ArgumentHelp("A text told after login, to clients that show it.", valueName: "file"),
    transform: pathArgument)
  var motd: String?

  @Flag(
    inversion: .prefixedNo,
    help: "Let in only who has a name of their own, or an invitation. (default: --no-invite-only)")
  var inviteOnly: Bool?

  @OptionGroup var tls: TLSOptions

  @Option(
    help: ArgumentHelp(
      "Tell at /metrics and /healthz of this address how the server is, over HTTP: 127.0.0.1:9400. (default: nowhere)",
      valueName: "host:port"))
  var metrics: MetricsAddress?

  @Option(help: "What is worth a line. (default: info)")
  var logLevel: Logger.Level?

  @Option(help: "How the log reads, on standard error. (default: text)")
  var logFormat: LogFormat?

  func validate() throws {
    if let maxClients, !ServerConfiguration.clientCounts.contains(maxClients) {
      let range = ServerConfiguration.clientCounts
      throw ValidationError(
        "--max-clients is \(maxClients); it goes from \(range.lowerBound) to \(range.upperBound).")
    }
    if ephemeral == true, data.given != nil {
      throw ValidationError("--ephemeral keeps nothing in --data: name one of them.")
    }
  }

  var configuration: ServerConfiguration {
    var given = ServerConfiguration()
    given.host = host.isEmpty ? nil : host
    given.port = port.port
    given.data = data.given
    given.keep = keep
    given.isEphemeral = ephemeral
    given.idleTimeout = idleTimeout
    given.loginTimeout = loginTimeout
    given.maximumClients = maxClients
    given.messageOfTheDay = motd
    given.isInviteOnly = inviteOnly
    given.metrics = metrics
    given.logLevel = logLevel
    given.logFormat = logFormat
    given.tls = ServerConfiguration.TLS(mode: tls.tls, certificate: tls.cert, key: tls.key)
    return given
  }
}

extension MetricsAddress: ExpressibleByArgument {
  public init?(argument: String) { self.init(argument) }
}
