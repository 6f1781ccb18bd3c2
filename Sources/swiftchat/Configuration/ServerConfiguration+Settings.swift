import ChatHub
import ChatLog
import ChatProtocol
import ChatServer

extension ServerConfiguration {
  /// The settings for `ChatServer`. Reads the message of the day.
  /// - Parameter sockets: listening sockets that are open already, used instead of host and port.
  /// - Throws: `ConfigurationError` if the message of the day cannot be read, or if there is no home directory to store
  ///   messages in.
  func settings(sockets: [Int32] = []) throws(ConfigurationError) -> ServerSettings {
    let hosts = host?.map(ListenAddress.host) ?? [.all]
    var settings = ServerSettings(
      addresses: sockets.isEmpty ? hosts : sockets.map(ListenAddress.socket), port: port ?? PortOption.standard,
      hub: try hubSettings(), sendQueue: sendQueue, log: try log(), retention: keep?.retention ?? Retention())
    settings.metrics = metrics.map { MetricsSettings(address: $0, version: Version.current) }
    settings.peerTrust = PeerTrust(
      trustsLoopback: trustsLoopback ?? true, proxies: (proxies ?? []).compactMap { Network($0) })
    let directory = ServerDirectory(data, port: settings.port)
    settings.tls = TLSSettings(mode: tls.mode ?? .auto, files: files, directory: directory.path)
    settings.controlDirectory = directory.control
    return settings
  }

  private var files: TLSSettings.Files? {
    guard let certificate = tls.certificate, let key = tls.key else { return nil }
    return TLSSettings.Files(certificate: certificate, key: key)
  }

  private func hubSettings() throws(ConfigurationError) -> HubSettings {
    let text = if let messageOfTheDay { try MessageOfTheDay.read(path: messageOfTheDay) } else { [String]() }
    var hub = HubSettings(
      idleTimeout: idleTimeout?.duration, loginTimeout: loginTimeout?.duration, maximumSessions: maximumClients ?? .max,
      messageOfTheDay: text)
    hub.isInviteOnly = isInviteOnly ?? hub.isInviteOnly
    hub.requiresTLS = tls.mode == .required
    hub.limits = hubLimits
    return hub
  }

  private var hubLimits: HubLimits {
    var hub = HubLimits()
    hub.connectionsPerAddress = limits.connectionsPerAddress ?? hub.connectionsPerAddress
    hub.attemptsPerAddress = limits.attemptsPerAddress ?? hub.attemptsPerAddress
    hub.attemptPeriod = limits.attemptPeriod.map { .seconds($0) } ?? hub.attemptPeriod
    hub.lineBurst = limits.lineBurst ?? hub.lineBurst
    hub.linesPerSecond = limits.linesPerSecond ?? hub.linesPerSecond
    hub.byteBurst = limits.byteBurst ?? hub.byteBurst
    hub.bytesPerSecond = limits.bytesPerSecond ?? hub.bytesPerSecond
    hub.linesBeforeLogin = limits.linesBeforeLogin ?? hub.linesBeforeLogin
    hub.unnamedPercent = limits.unnamedPercent ?? hub.unnamedPercent
    if let reservedNames { hub.reservedNames = Set(reservedNames.compactMap { Nickname($0) }) }
    return hub
  }

  private var sendQueue: SendQueueLimits {
    let standard = SendQueueLimits()
    return SendQueueLimits(
      soft: limits.softSendQueue ?? standard.soft, hard: limits.hardSendQueue ?? standard.hard)
  }

  private func log() throws(ConfigurationError) -> LogChoice {
    if isEphemeral == true { return .memory }
    let port = port ?? PortOption.standard
    // A random port is different in the next run, so that its messages would not be found again.
    if port == 0, data == nil { return .memory }
    guard let path = ServerDirectory(data, port: port).path else {
      throw ConfigurationError("there is no home to keep messages in; name a directory with --data")
    }
    return .directory(path)
  }
}
