/// What a client asked for with `CAP REQ`. A session without any speaks the plain dialect.
public struct Capabilities: OptionSet, Hashable, Sendable {
  public let rawValue: UInt16
  public init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Lines may begin with tags, and answers say what they answer.
  public static let tags = Capabilities(rawValue: 1 << 0)
  /// Who comes, goes, and is away is told as it happens.
  public static let presence = Capabilities(rawValue: 1 << 1)
  /// There are other rooms than the lobby.
  public static let rooms = Capabilities(rawValue: 1 << 2)
  /// What was said can be read again.
  public static let history = Capabilities(rawValue: 1 << 3)
  /// Who comes back is known again, and misses nothing.
  public static let resume = Capabilities(rawValue: 1 << 4)
  /// How far somebody has read is kept.
  public static let marks = Capabilities(rawValue: 1 << 5)
  /// People are known by their keys. Only where the connection is encrypted.
  public static let keys = Capabilities(rawValue: 1 << 6)
  /// What operators do, and what is told of it.
  public static let moderation = Capabilities(rawValue: 1 << 7)

  /// Without `tags` there are no words for these.
  private static let tagged: Capabilities = [.rooms, .history, .resume, .marks, .keys, .moderation]

  /// Whether they can be agreed on together.
  public var isCoherent: Bool { contains(.tags) || isDisjoint(with: Self.tagged) }

  /// In the order in which `CAP LS` lists them.
  private static let names: [(name: String, capability: Capabilities)] = [
    ("tags", .tags), ("presence", .presence), ("rooms", .rooms), ("history", .history), ("resume", .resume),
    ("marks", .marks), ("keys", .keys), ("moderation", .moderation),
  ]

  public static let all = Capabilities(names.map(\.capability))

  /// - Returns: nil where this version does not know the name.
  public init?(named name: some StringProtocol) {
    guard let known = Self.names.first(where: { $0.name == name }) else { return nil }
    self = known.capability
  }

  public var names: [String] { Self.names.filter { contains($0.capability) }.map(\.name) }
}
