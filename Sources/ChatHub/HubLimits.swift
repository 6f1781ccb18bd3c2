import ChatProtocol
import ChatRecords

/// Limits per person, address block and connection. Clients on the host are exempt, except from `storagePatience`, `longList`
/// and `reservedNames`.
public struct HubLimits: Hashable, Sendable {
  /// Connections at a time from one address.
  public var connectionsPerAddress = 16
  /// Connections from one address within `attemptPeriod`.
  public var attemptsPerAddress = 32
  public var attemptPeriod = Duration.seconds(600)
  /// Names claimed from one address within `claimPeriod`.
  public var claimsPerAddress = 8
  public var claimPeriod = Duration.seconds(3600)
  /// New rooms per person, and per address, within `roomPeriod`.
  public var roomsPerPerson = 10
  public var roomsPerAddress = 30
  public var roomPeriod = Duration.seconds(3600)
  /// Lines that reach other members: burst, and sustained rate per second.
  public var lineBurst = 10
  public var linesPerSecond = 5
  /// The same limits in bytes, for all lines.
  public var byteBurst = 64 * 1024
  public var bytesPerSecond = 16 * 1024
  /// Lines before login.
  public var linesBeforeLogin = 20
  /// Unauthenticated connections, as a percentage of the maximum number of connections.
  public var unnamedPercent = 50
  /// How long a request waits for the log to store its change. With the time until a tick notices it, well below the 5
  /// seconds after which a client gives up a silent host of several.
  public var storagePatience = Duration.seconds(3)
  /// Lists of at least this many members are made once for many readers; shorter ones are sent line by line.
  public var longList = 65
  /// Names that no member can take.
  public var reservedNames = Self.standardReservedNames {
    didSet { reservedSkeletons = Self.skeletons(of: reservedNames) }
  }
  /// The skeletons of `reservedNames`, and of the name under which acts of the host are recorded.
  private(set) var reservedSkeletons = Self.standardReservedSkeletons

  private static let standardReservedNames = Set(
    ["server", "system", "swiftchat", "operator", "everyone", "host"].compactMap { Nickname($0) })
  private static let standardReservedSkeletons = skeletons(of: standardReservedNames)

  private static func skeletons(of names: Set<Nickname>) -> Set<String> { Set(names.union([.host]).map(\.skeleton)) }

  public init() {}
}
