import ChatProtocol

extension ConfigurationKey {
  /// All settings, in the order of the documentation.
  static let all: [ConfigurationKey] = main + limits + tls

  private static let main = [
    ConfigurationKey("host", \.host, .hosts, isLive: false),
    ConfigurationKey("port", \.port, .number(0...65535), isLive: false),
    ConfigurationKey("data", \.data, .path, isLive: false),
    ConfigurationKey("keep", \.keep, .keep, isLive: true),
    ConfigurationKey("ephemeral", \.isEphemeral, .yesOrNo, isLive: false),
    ConfigurationKey("idle-timeout", \.idleTimeout, .timeout, isLive: true),
    ConfigurationKey("login-timeout", \.loginTimeout, .timeout, isLive: true),
    ConfigurationKey("max-clients", \.maximumClients, .number(ServerConfiguration.clientCounts), isLive: true),
    ConfigurationKey("motd", \.messageOfTheDay, .path, isLive: true),
    ConfigurationKey("invite-only", \.isInviteOnly, .yesOrNo, isLive: true),
    ConfigurationKey("reserved-names", \.reservedNames, .names, isLive: true),
    ConfigurationKey("trust-loopback", \.trustsLoopback, .yesOrNo, isLive: true),
    ConfigurationKey("proxies", \.proxies, .networks, isLive: true),
    ConfigurationKey("metrics", \.metrics, .address, isLive: false),
    ConfigurationKey("log-level", \.logLevel, .choice, isLive: true),
    ConfigurationKey("log-format", \.logFormat, .choice, isLive: false),
  ]

  private static let limits = [
    limit("connections-per-address", \.limits.connectionsPerAddress, 1...1_000_000),
    limit("attempts-per-address", \.limits.attemptsPerAddress, 1...1_000_000),
    limit("attempt-period", \.limits.attemptPeriod, 1...86_400, of: " of seconds"),
    limit("line-burst", \.limits.lineBurst, 1...1_000_000),
    limit("lines-per-second", \.limits.linesPerSecond, 1...1_000_000),
    // The burst must fit the longest line with its tags.
    limit("byte-burst", \.limits.byteBurst, 8192...1_073_741_824),
    limit("bytes-per-second", \.limits.bytesPerSecond, 1...1_073_741_824),
    limit("lines-before-login", \.limits.linesBeforeLogin, 1...1_000_000),
    limit("unnamed-percent", \.limits.unnamedPercent, 1...100),
    limit("send-queue-soft", \.limits.softSendQueue, 1024...1_073_741_824, of: " of bytes", isLive: false),
    limit("send-queue-hard", \.limits.hardSendQueue, 4096...1_073_741_824, of: " of bytes", isLive: false),
  ]

  private static let tls = [
    ConfigurationKey("tls.mode", \.tls.mode, .choice, isLive: false),
    ConfigurationKey("tls.cert", \.tls.certificate, .path, isLive: true),
    ConfigurationKey("tls.key", \.tls.key, .path, isLive: true),
  ]

  private static func limit(
    _ name: String, _ path: WritableKeyPath<ServerConfiguration, Int?> & Sendable, _ range: ClosedRange<Int>,
    of unit: String = "", isLive: Bool = true
  ) -> ConfigurationKey {
    ConfigurationKey("limits.\(name)", path, .number(range, of: unit), isLive: isLive)
  }
}
