import ChatProtocol

/// How much of the server one person may take. None of it holds for who is on the host itself, but for what is said of
/// names, accounts and rooms.
public struct HubLimits: Hashable, Sendable {
  /// Connections at a time from one address.
  public var connectionsPerAddress = 16
  /// Connections from one address within `attemptPeriod`.
  public var attemptsPerAddress = 32
  public var attemptPeriod = Duration.seconds(600)
  /// Names that come to belong to somebody at one address within `claimPeriod`.
  public var claimsPerAddress = 8
  public var claimPeriod = Duration.seconds(3600)
  /// New rooms of one person, and from one address, within `roomPeriod`.
  public var roomsPerPerson = 10
  public var roomsPerAddress = 30
  public var roomPeriod = Duration.seconds(3600)
  /// Lines that others hear: so many at once, and so many a second from then on.
  public var lineBurst = 10
  public var linesPerSecond = 5
  /// The same in bytes of all lines.
  public var byteBurst = 64 * 1024
  public var bytesPerSecond = 16 * 1024
  /// Lines before there is a name.
  public var linesBeforeLogin = 20
  /// Connections without a name, of all that there may be: a part of a hundred.
  public var unnamedPercent = 50
  /// How long somebody waits at most to have something changed that the log must store first. Shorter than a client
  /// waits for any answer.
  public var storagePatience = Duration.seconds(5)
  /// Names that nobody can have.
  public var reservedNames: Set<Nickname> = Set(
    ["server", "system", "swiftchat", "operator", "everyone", "host"].compactMap { Nickname($0) })

  public init() {}
}
