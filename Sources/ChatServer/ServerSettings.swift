import ChatHub
import ChatLog

/// How a server is to run. Every value has a default that suits a host in a team's network.
public struct ServerSettings: Sendable {
  /// Where to listen.
  public var addresses: [ListenAddress]
  /// 0: any free one, the same for all addresses.
  public var port: Int
  public var hub: HubSettings
  public var sendQueue: SendQueueLimits
  public var log: LogChoice
  /// What the log keeps of each conversation.
  public var retention: Retention
  public var tls: TLSSettings
  public var peerTrust = PeerTrust()
  /// Where `ControlSocket` lies, by which the host's own programs reach the server; nil: nowhere.
  public var controlDirectory: String?
  /// Where to tell how the server is; nil: nowhere.
  public var metrics: MetricsSettings?

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

/// Where messages are kept.
public enum LogChoice: Hashable, Sendable {
  /// Nowhere: the last ones, until the server ends.
  case memory
  /// In this folder, which is made where it is not there.
  case directory(String)
}

/// An address to listen on.
public enum ListenAddress: Hashable, Sendable {
  /// Every address of the machine: IPv4, and IPv6 where there is any.
  case all
  /// A name or a numeric address.
  case host(String)
  /// A socket that listens already, of TCP; it is the server's from now on. Its address and port are what they are.
  case socket(Int32)
}

extension LogChoice: CustomStringConvertible {
  /// For the operator's log.
  public var description: String {
    switch self {
    case .memory: "memory"
    case .directory(let path): path
    }
  }
}

/// How many bytes may wait for a reader, beyond what the kernel holds.
public struct SendQueueLimits: Sendable {
  /// Who can be told later what was left out gets nothing more of what is published while more than this waits.
  public var soft: Int
  /// With more than this the reader is cut off.
  public var hard: Int

  public init(soft: Int = 256 * 1024, hard: Int = 1 << 20) {
    self.hard = max(hard, 4096)
    self.soft = min(max(soft, 1024), self.hard)
  }
}
