/// What a client asked for with `CAP REQ`. A session without any speaks the plain dialect.
public struct Capabilities: OptionSet, Hashable, Sendable {
  public let rawValue: UInt8
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Lines may begin with tags, and answers say what they answer.
  public static let tags = Capabilities(rawValue: 1 << 0)
  /// Who comes, goes, and is away is told as it happens.
  public static let presence = Capabilities(rawValue: 1 << 1)

  /// In the order in which `CAP LS` lists them.
  private static let names: [(name: String, capability: Capabilities)] = [("tags", .tags), ("presence", .presence)]

  public static let all = Capabilities(names.map(\.capability))

  /// - Returns: nil where this version does not know the name.
  public init?(named name: some StringProtocol) {
    guard let known = Self.names.first(where: { $0.name == name }) else { return nil }
    self = known.capability
  }

  public var names: [String] { Self.names.filter { contains($0.capability) }.map(\.name) }
}
