import ChatHub
import ChatServer
import Logging

/// The settings of a server: all of them, or those from one source. Nil if a setting is not given.
struct ServerConfiguration: Sendable, Equatable {
  var host: [String]?
  var port: Int?
  var data: String?
  var keep: KeepOption?
  var isEphemeral: Bool?
  var idleTimeout: Timeout?
  var loginTimeout: Timeout?
  var maximumClients: Int?
  var messageOfTheDay: String?
  var isInviteOnly: Bool?
  var reservedNames: [String]?
  var trustsLoopback: Bool?
  var proxies: [String]?
  var metrics: MetricsAddress?
  var logLevel: Logger.Level?
  var logFormat: LogFormat?
  var limits = Limits()
  var tls = TLS()

  struct Limits: Sendable, Equatable {
    var connectionsPerAddress: Int?
    var attemptsPerAddress: Int?
    /// In seconds.
    var attemptPeriod: Int?
    var lineBurst: Int?
    var linesPerSecond: Int?
    var byteBurst: Int?
    var bytesPerSecond: Int?
    var linesBeforeLogin: Int?
    var unnamedPercent: Int?
    var softSendQueue: Int?
    var hardSendQueue: Int?
  }

  struct TLS: Sendable, Equatable {
    var mode: TLSSettings.Mode?
    var certificate: String?
    var key: String?
  }

  /// Allowed range for the number of concurrent connections.
  static let clientCounts = 1...1_000_000

  /// The default settings.
  static let defaults: ServerConfiguration = {
    let limits = HubLimits()
    let queue = SendQueueLimits()
    var defaults = ServerConfiguration()
    defaults.port = PortOption.standard
    defaults.isEphemeral = false
    defaults.idleTimeout = Timeout(seconds: 60)
    defaults.loginTimeout = Timeout(seconds: 30)
    defaults.isInviteOnly = false
    defaults.reservedNames = limits.reservedNames.map(\.description).sorted()
    defaults.trustsLoopback = true
    defaults.proxies = []
    defaults.logLevel = .info
    defaults.logFormat = .text
    defaults.limits = Limits(
      connectionsPerAddress: limits.connectionsPerAddress, attemptsPerAddress: limits.attemptsPerAddress,
      attemptPeriod: Int(limits.attemptPeriod.components.seconds), lineBurst: limits.lineBurst,
      linesPerSecond: limits.linesPerSecond, byteBurst: limits.byteBurst, bytesPerSecond: limits.bytesPerSecond,
      linesBeforeLogin: limits.linesBeforeLogin, unnamedPercent: limits.unnamedPercent, softSendQueue: queue.soft,
      hardSendQueue: queue.hard)
    defaults.tls.mode = .auto
    return defaults
  }()

  /// These settings, completed by other ones.
  func over(_ other: ServerConfiguration) -> ServerConfiguration {
    var merged = other
    // These two exclude each other: giving one overrides the other.
    if data != nil { merged.isEphemeral = false }
    if isEphemeral == true { merged.data = nil }
    for key in ConfigurationKey.all { key.copy(self, &merged) }
    return merged
  }

  /// The reason why the given settings contradict each other; nil if they do not.
  var contradiction: String? {
    if isEphemeral == true, data != nil { return "ephemeral keeps nothing in data: name one of them" }
    if let soft = limits.softSendQueue, let hard = limits.hardSendQueue, soft > hard {
      return "limits.send-queue-soft is \(soft), which is more than limits.send-queue-hard, \(hard)"
    }
    if (tls.certificate == nil) != (tls.key == nil) { return "tls.cert and tls.key belong together: name both" }
    if tls.mode == .off, tls.certificate != nil {
      return "tls.mode off shows no certificate: leave tls.cert and tls.key out"
    }
    return nil
  }
}
