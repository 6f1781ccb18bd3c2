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
    let hosts = self[Settings.host]?.map(ListenAddress.host) ?? [.all]
    var settings = ServerSettings(
      addresses: sockets.isEmpty ? hosts : sockets.map(ListenAddress.socket),
      port: self[Settings.port] ?? PortOption.standard,
      hub: try hubSettings(), sendQueue: sendQueue, log: try log(),
      retention: self[Settings.keep]?.retention ?? Retention())
    settings.metrics = self[Settings.metrics].map { MetricsSettings(address: $0, version: Version.current) }
    settings.peerTrust = PeerTrust(
      trustsLoopback: self[Settings.trustLoopback] ?? true,
      proxies: (self[Settings.proxies] ?? []).compactMap { Network($0) })
    let directory = ServerDirectory(self[Settings.data], port: settings.port)
    settings.tls = TLSSettings(mode: self[Settings.tlsMode] ?? .auto, files: files, directory: directory.path)
    settings.controlDirectory = directory.control
    return settings
  }

  private var files: TLSSettings.Files? {
    guard let certificate = self[Settings.tlsCertificate], let key = self[Settings.tlsKey] else { return nil }
    return TLSSettings.Files(certificate: certificate, key: key)
  }

  private func hubSettings() throws(ConfigurationError) -> HubSettings {
    let text = if let path = self[Settings.messageOfTheDay] { try MessageOfTheDay.read(path: path) } else { [String]() }
    var hub = HubSettings(
      idleTimeout: self[Settings.idleTimeout]?.duration, loginTimeout: self[Settings.loginTimeout]?.duration,
      maximumSessions: self[Settings.maximumClients] ?? .max, messageOfTheDay: text)
    hub.isInviteOnly = self[Settings.inviteOnly] ?? hub.isInviteOnly
    hub.requiresTLS = self[Settings.tlsMode] == .required
    hub.limits = hubLimits
    return hub
  }

  private var hubLimits: HubLimits {
    var hub = HubLimits()
    hub.connectionsPerAddress = self[Settings.connectionsPerAddress] ?? hub.connectionsPerAddress
    hub.attemptsPerAddress = self[Settings.attemptsPerAddress] ?? hub.attemptsPerAddress
    hub.attemptPeriod = self[Settings.attemptPeriod].map { .seconds($0) } ?? hub.attemptPeriod
    hub.lineBurst = self[Settings.lineBurst] ?? hub.lineBurst
    hub.linesPerSecond = self[Settings.linesPerSecond] ?? hub.linesPerSecond
    hub.byteBurst = self[Settings.byteBurst] ?? hub.byteBurst
    hub.bytesPerSecond = self[Settings.bytesPerSecond] ?? hub.bytesPerSecond
    hub.linesBeforeLogin = self[Settings.linesBeforeLogin] ?? hub.linesBeforeLogin
    hub.unnamedPercent = self[Settings.unnamedPercent] ?? hub.unnamedPercent
    if let reservedNames = self[Settings.reservedNames] {
      hub.reservedNames = Set(reservedNames.compactMap { Nickname($0) })
    }
    return hub
  }

  private var sendQueue: SendQueueLimits {
    let standard = SendQueueLimits()
    return SendQueueLimits(
      soft: self[Settings.softSendQueue] ?? standard.soft, hard: self[Settings.hardSendQueue] ?? standard.hard)
  }

  private func log() throws(ConfigurationError) -> LogChoice {
    if self[Settings.ephemeral] == true { return .memory }
    let (port, data) = (self[Settings.port] ?? PortOption.standard, self[Settings.data])
    // A random port is different in the next run, so that its messages would not be found again.
    if port == 0, data == nil { return .memory }
    guard let path = ServerDirectory(data, port: port).path else {
      throw ConfigurationError("there is no home directory for the messages; name a directory with --data")
    }
    return .directory(path)
  }
}
