import ChatDialects
import ChatHub
import ChatLog

/// The settings of a server. Every default suits a host in a team's network.
public struct ServerSettings: Sendable {
  /// The addresses to listen on.
  public var addresses: [ListenAddress]
  /// 0: any free port, the same for all addresses.
  public var port: Int
  /// The hosts at which clients reach the server, or all servers that act as one, for links; empty for the listening
  /// address.
  public var publicHosts: [PublicHost] = []
  /// Further listeners, for clients with other protocols.
  public var dialectListeners: [DialectListener] = []
  public var hub: HubSettings
  public var sendQueue: SendQueueLimits
  public var log: LogChoice
  /// The messages that the log keeps of each conversation.
  public var retention: Retention
  public var tls: TLSSettings
  public var peerTrust = PeerTrust()
  /// The directory of the `ControlSocket`, through which programs on the host reach the server; nil disables it.
  public var controlDirectory: String?
  /// Address and content of the metrics; nil disables them.
  public var metrics: MetricsSettings?
  /// The time that a shutdown waits for the log to store the last messages, then again for clients to read them, and
  /// again for the log to close.
  var shutdownPatience = Duration.seconds(3)

  public init(
    addresses: [ListenAddress] = [.all], port: Int = 4000, hub: HubSettings = HubSettings(),
    sendQueue: SendQueueLimits = SendQueueLimits(), log: LogChoice = .memory, retention: Retention = Retention(),
    tls: TLSSettings = TLSSettings(), controlDirectory: String? = nil
  ) {
    self.addresses = addresses
    self.port = port
    self.hub = hub
    self.sendQueue = sendQueue
    self.log = log
    self.retention = retention
    self.tls = tls
    self.controlDirectory = controlDirectory
  }
}

/// A listener for clients of another dialect.
public struct DialectListener: Sendable {
  public var addresses: [ListenAddress]
  /// 0: any free port, the same for all addresses.
  public var port: Int
  /// The command-line option that names address and port, for error messages.
  public var option: String
  /// Makes the dialect of a new connection. Called on the event loop of the connection.
  public var makeDialect: MakeDialect

  public typealias MakeDialect = @Sendable () -> any Dialect

  public init(addresses: [ListenAddress], port: Int, option: String, makeDialect: @escaping MakeDialect) {
    self.addresses = addresses
    self.port = port
    self.option = option
    self.makeDialect = makeDialect
  }
}

/// The storage of messages.
public enum LogChoice: Hashable, Sendable {
  /// In memory: the most recent messages, until the server ends.
  case memory
  /// In this directory, which is created if necessary.
  case directory(String)
  /// In this database, whose tables are created if necessary.
  case database(PostgresURL)
}

/// An address to listen on.
public enum ListenAddress: Hashable, Sendable {
  /// Every address of the machine: IPv4, and IPv6 if available.
  case all
  /// A name or a numeric address.
  case host(String)
  /// A listening TCP socket, of which the server takes ownership. Its address and port are not changed.
  case socket(Int32)
}

extension LogChoice: CustomStringConvertible {
  /// For the operator's log.
  public var description: String {
    switch self {
    case .memory: "memory"
    case .directory(let path): path
    case .database(let url): url.description
    }
  }
}

/// Limits of the bytes queued for one client, not counting the kernel's buffers.
public struct SendQueueLimits: Sendable {
  /// Above this limit, a client that can catch up later gets no more published lines until its queue has drained.
  public var soft: Int
  /// Above this limit the client is disconnected.
  public var hard: Int

  public init(soft: Int = 256 * 1024, hard: Int = 1 << 20) {
    self.hard = max(hard, 4096)
    self.soft = min(max(soft, 1024), self.hard)
  }
}
