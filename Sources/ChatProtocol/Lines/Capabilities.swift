/// The capabilities that a client requested with `CAP REQ`. A session with none speaks the plain dialect.
public struct Capabilities: OptionSet, Hashable, Sendable, Codable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Lines may begin with tags, and answers name the request's verb.
  public static let tags = Capabilities(rawValue: 1 << 0)
  /// Joins, leaves and away states are announced as they happen.
  public static let presence = Capabilities(rawValue: 1 << 1)
  /// Rooms other than the lobby are available.
  public static let rooms = Capabilities(rawValue: 1 << 2)
  /// Stored messages can be read and searched.
  public static let history = Capabilities(rawValue: 1 << 3)
  /// A session can be resumed after a reconnect without loss of messages.
  public static let resume = Capabilities(rawValue: 1 << 4)
  /// Read positions are stored.
  public static let marks = Capabilities(rawValue: 1 << 5)
  /// Members are identified by keys. Encrypted connections only.
  public static let keys = Capabilities(rawValue: 1 << 6)
  /// Requests of operators, and notices about their actions.
  public static let moderation = Capabilities(rawValue: 1 << 7)
  /// A message can have several lines.
  public static let lines = Capabilities(rawValue: 1 << 8)

  /// Capabilities that require `tags`.
  private static let tagged: Capabilities = [.rooms, .history, .resume, .marks, .keys, .moderation, .lines]

  /// Whether the server can accept this combination.
  public var isCoherent: Bool { contains(.tags) || isDisjoint(with: Self.tagged) }

  /// In the order in which `CAP LS` lists them.
  private static let names: [(name: String, capability: Capabilities)] = [
    ("tags", .tags), ("presence", .presence), ("rooms", .rooms), ("history", .history), ("resume", .resume),
    ("marks", .marks), ("keys", .keys), ("moderation", .moderation), ("lines", .lines),
  ]

  public static let all = Capabilities(names.map(\.capability))

  /// - Returns: nil if this version does not know the name.
  public init?(named name: some StringProtocol) {
    guard let known = Self.names.first(where: { $0.name == name }) else { return nil }
    self = known.capability
  }

  public var names: [String] { Self.names.filter { contains($0.capability) }.map(\.name) }
}
