import ChatHub

/// How a server is to run. Every value has a default that suits a host in a team's network.
public struct ServerSettings: Sendable {
  /// Where to listen.
  public var addresses: [ListenAddress]
  /// 0: any free one, the same for all addresses.
  public var port: Int
  public var hub: HubSettings
  public var sendQueue: SendQueueLimits

  public init(
    addresses: [ListenAddress] = [.all], port: Int = 4000, hub: HubSettings = HubSettings(),
    sendQueue: SendQueueLimits = SendQueueLimits()
  ) {
    self.addresses = addresses
    self.port = port
    self.hub = hub
    self.sendQueue = sendQueue
  }
}

/// An address to listen on.
public enum ListenAddress: Hashable, Sendable {
  /// Every address of the machine: IPv4, and IPv6 where there is any.
  case all
  /// A name or a numeric address.
  case host(String)
}

/// How far a reader may lag behind.
public struct SendQueueLimits: Sendable {
  /// Bytes that may wait, beyond what the kernel holds, before the reader is cut off.
  public var hard: Int

  public init(hard: Int = 1 << 20) { self.hard = max(hard, 4096) }
}
