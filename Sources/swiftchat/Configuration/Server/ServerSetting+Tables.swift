import ChatHub
import ChatServer

// The settings in tables of the file.

extension ServerSetting {
  static let limits: [AnySetting<Self>] = [
    AnySetting(connectionsPerAddress), AnySetting(attemptsPerAddress), AnySetting(attemptPeriod), AnySetting(lineBurst),
    AnySetting(linesPerSecond), AnySetting(byteBurst), AnySetting(bytesPerSecond), AnySetting(linesBeforeLogin),
    AnySetting(unnamedPercent), AnySetting(softSendQueue), AnySetting(hardSendQueue),
  ]

  static let tls: [AnySetting<Self>] = [
    AnySetting(tlsMode), AnySetting(tlsCertificate), AnySetting(tlsKey), AnySetting(storeKey),
  ]

  private static let standard = HubLimits()

  static let connectionsPerAddress = Row(
    "limits.connections-per-address", .number(1...1_000_000), default: standard.connectionsPerAddress,
    "Connections from one address at a time, and within a period in seconds.")

  static let attemptsPerAddress = Row(
    "limits.attempts-per-address", .number(1...1_000_000), default: standard.attemptsPerAddress)

  static let attemptPeriod = Row(
    "limits.attempt-period", .number(1...86_400, of: " of seconds"),
    default: Int(standard.attemptPeriod.components.seconds))

  static let lineBurst = Row(
    "limits.line-burst", .number(1...1_000_000), default: standard.lineBurst,
    "Lines that others receive: a burst, and then a number per second; and the same for the bytes of all lines.")

  static let linesPerSecond = Row(
    "limits.lines-per-second", .number(1...1_000_000), default: standard.linesPerSecond)

  /// The burst must fit the longest line with its tags.
  static let byteBurst = Row(
    "limits.byte-burst", .number(8192...1_073_741_824), default: standard.byteBurst)

  static let bytesPerSecond = Row(
    "limits.bytes-per-second", .number(1...1_073_741_824), default: standard.bytesPerSecond)

  static let linesBeforeLogin = Row(
    "limits.lines-before-login", .number(1...1_000_000), default: standard.linesBeforeLogin,
    "Lines before login, and the percentage of connections that may be without login.")

  static let unnamedPercent = Row("limits.unnamed-percent", .number(1...100), default: standard.unnamedPercent)

  static let softSendQueue = Row(
    "limits.send-queue-soft", .number(1024...1_073_741_824, of: " of bytes"), default: SendQueueLimits().soft,
    isLive: false,
    """
    Bytes that may wait for a client: above the first limit no live lines are queued for clients with `resume`, above \
    the second one the client is disconnected.
    """)

  static let hardSendQueue = Row(
    "limits.send-queue-hard", .number(4096...1_073_741_824, of: " of bytes"), default: SendQueueLimits().hard,
    isLive: false)

  static let tlsMode = Row(
    "tls.mode", .choice, default: TLSSettings.Mode.auto, isLive: false,
    "auto: TLS is optional; required: clients that are not on the host must use TLS; off: TLS is not available.",
    flag: .init(
      text: "TLS is optional (auto), required except for clients on the host (required), or not available (off).",
      valueName: "mode"))

  static let tlsCertificate = Row(
    "tls.cert", .path, example: "/etc/swiftchat/cert.pem",
    """
    A certificate and its key in PEM, in place of those that the server creates: ECDSA on P-256 or P-384, or RSA. The \
    server's user must be able to read both; for the user of the system service see swiftchat.service.
    """,
    flag: .init(
      text: "The certificate chain in PEM, the server's own certificate first; SIGHUP reads it again.",
      valueName: "file",
      standard: "a certificate that the server creates"))

  static let tlsKey = Row(
    "tls.key", .path, example: "/etc/swiftchat/key.pem",
    flag: .init(text: "The private key of --cert, in PEM.", valueName: "file"))

  static let storeKey = Row(
    "tls.store-key", .path, example: "/etc/swiftchat/store.key", isLive: false,
    """
    A file with at least 32 random bytes, the same on all servers of one store: the database keeps the server's key, \
    encrypted with it, so that clients recognize all of them as one server. Make it with openssl rand -out FILE 32.
    """,
    flag: .init(
      text: """
        A file with 32 random bytes, the same on all servers of one --store: they share the server's key, encrypted \
        with it in the database.
        """,
      valueName: "file", standard: "each server has a key of its own"))
}
