import ChatHub
import ChatLog
import ChatProtocol
import ChatServer

extension Configuration<ServerSetting> {
  /// The settings for `ChatServer`. Reads the message of the day.
  /// - Parameter sockets: listening sockets that are open already, used instead of host and port.
  /// - Throws: `ConfigurationError` if the message of the day cannot be read, or if there is no home directory to store
  ///   messages in.
  func settings(sockets: [Int32] = []) throws(ConfigurationError) -> ServerSettings {
    let hosts = self[ServerSetting.host]?.map(ListenAddress.host) ?? [.all]
    var settings = ServerSettings(
      addresses: sockets.isEmpty ? hosts : sockets.map(ListenAddress.socket),
      port: self[ServerSetting.port] ?? PortOption.standard,
      hub: try hubSettings(), sendQueue: sendQueue, log: try log(),
      retention: self[ServerSetting.keep]?.retention ?? Retention())
    settings.publicHosts = (self[ServerSetting.publicHosts] ?? []).compactMap { try? PublicHost($0) }
    settings.metrics = self[ServerSetting.metrics].map { MetricsSettings(address: $0, version: Version.current) }
    settings.peerTrust = PeerTrust(
      trustsLoopback: self[ServerSetting.trustLoopback] ?? true,
      proxies: (self[ServerSetting.proxies] ?? []).compactMap { Network($0) })
    let directory = ServerDirectory(self[ServerSetting.data], port: settings.port)
    settings.tls = TLSSettings(mode: self[ServerSetting.tlsMode] ?? .auto, files: files, directory: directory.path)
    settings.tls.storeKey = self[ServerSetting.storeKey]
    settings.controlDirectory = directory.control
    return settings
  }

  private var files: TLSSettings.Files? {
    guard let certificate = self[ServerSetting.tlsCertificate], let key = self[ServerSetting.tlsKey] else { return nil }
    return TLSSettings.Files(certificate: certificate, key: key)
  }

  private func hubSettings() throws(ConfigurationError) -> HubSettings {
    let text =
      if let path = self[ServerSetting.messageOfTheDay] { try MessageOfTheDay.read(path: path) } else { [String]() }
    var hub = HubSettings(
      idleTimeout: self[ServerSetting.idleTimeout]?.duration, loginTimeout: self[ServerSetting.loginTimeout]?.duration,
      maximumSessions: self[ServerSetting.maximumClients] ?? .max, messageOfTheDay: text)
    hub.isInviteOnly = self[ServerSetting.inviteOnly] ?? hub.isInviteOnly
    hub.requiresTLS = self[ServerSetting.tlsMode] == .required
    hub.limits = hubLimits
    return hub
  }

  private var hubLimits: HubLimits {
    var hub = HubLimits()
    hub.connectionsPerAddress = self[ServerSetting.connectionsPerAddress] ?? hub.connectionsPerAddress
    hub.attemptsPerAddress = self[ServerSetting.attemptsPerAddress] ?? hub.attemptsPerAddress
    hub.attemptPeriod = self[ServerSetting.attemptPeriod].map { .seconds($0) } ?? hub.attemptPeriod
    hub.lineBurst = self[ServerSetting.lineBurst] ?? hub.lineBurst
    hub.linesPerSecond = self[ServerSetting.linesPerSecond] ?? hub.linesPerSecond
    hub.byteBurst = self[ServerSetting.byteBurst] ?? hub.byteBurst
    hub.bytesPerSecond = self[ServerSetting.bytesPerSecond] ?? hub.bytesPerSecond
    hub.linesBeforeLogin = self[ServerSetting.linesBeforeLogin] ?? hub.linesBeforeLogin
    hub.unnamedPercent = self[ServerSetting.unnamedPercent] ?? hub.unnamedPercent
    if let reservedNames = self[ServerSetting.reservedNames] {
      hub.reservedNames = Set(reservedNames.compactMap { Nickname($0) })
    }
    return hub
  }

  private var sendQueue: SendQueueLimits {
    let standard = SendQueueLimits()
    return SendQueueLimits(
      soft: self[ServerSetting.softSendQueue] ?? standard.soft, hard: self[ServerSetting.hardSendQueue] ?? standard.hard
    )
  }

  private func log() throws(ConfigurationError) -> LogChoice {
    if self[ServerSetting.ephemeral] == true { return .memory }
    if let store = self[ServerSetting.store] { return .database(store) }
    let (port, data) = (self[ServerSetting.port] ?? PortOption.standard, self[ServerSetting.data])
    // A random port is different in the next run, so that its messages would not be found again.
    if port == 0, data == nil { return .memory }
    guard let path = ServerDirectory(data, port: port).path else {
      throw ConfigurationError(
        "there is no home directory for the messages; name a directory with --data or SWIFTCHAT_DATA")
    }
    return .directory(path)
  }
}
