/// A value that recordings and shared changes contain as an object with its text, `{"name":"zoe"}`. The key names the kind of text.
public protocol CodedAsText: Codable {
  static var codingName: String { get }
  /// The text that `init(coded:)` reads.
  var codedText: String { get }
  init?(coded text: String)
}

private struct TextKey: CodingKey {
  let stringValue: String
  var intValue: Int? { nil }

  init(stringValue: String) { self.stringValue = stringValue }
  init?(intValue: Int) { nil }
}

extension CodedAsText {
  public init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: TextKey.self)
    let text = try container.decode(String.self, forKey: TextKey(stringValue: Self.codingName))
    guard let value = Self(coded: text) else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(codingPath: decoder.codingPath, debugDescription: "invalid \(Self.codingName)"))
    }
    self = value
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: TextKey.self)
    try container.encode(codedText, forKey: TextKey(stringValue: Self.codingName))
  }
}

extension Nickname: CodedAsText {
  public static let codingName = "name"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(spaced: text) }
}

extension RoomName: CodedAsText {
  public static let codingName = "room"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(text) }
}

extension Target: CodedAsText {
  public static let codingName = "target"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(remembered: text) }
}

extension Epoch: CodedAsText {
  public static let codingName = "epoch"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(text) }
}

extension Pin: CodedAsText {
  public static let codingName = "pin"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(text) }
}

extension PublicKey: CodedAsText {
  public static let codingName = "key"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(text) }
}

extension KeyRequest: CodedAsText {
  public static let codingName = "request"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(text) }
}

extension Network: CodedAsText {
  public static let codingName = "network"
  public var codedText: String { description }
  public init?(coded text: String) { self.init(text) }
}

extension IPAddress: CodedAsText {
  public static let codingName = "address"
  public var codedText: String { description }
  public init?(coded text: String) { self.init(text) }
}

extension IdempotencyKey: CodedAsText {
  public static let codingName = "cid"
  public var codedText: String { text }
  public init?(coded text: String) { self.init(text) }
}
