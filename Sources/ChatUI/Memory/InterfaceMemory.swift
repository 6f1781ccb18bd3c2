import ChatProtocol

/// What outlives the screen, of its conversations with one server: the open tabs with what was said last, what was being
/// typed, and what was sent and not confirmed. Plain values, to be written to a file; what is read from one is outside
/// input, and is looked at as such by `Interface`.
public struct InterfaceMemory: Codable, Hashable, Sendable {
  /// In their order, the lobby first.
  public var tabs: [RememberedTab]
  /// Which of them was looked at.
  public var current: Int
  /// What was sent and not confirmed, the oldest first.
  public var unconfirmed: [RememberedSend]

  public init(tabs: [RememberedTab] = [], current: Int = 0, unconfirmed: [RememberedSend] = []) {
    self.tabs = tabs
    self.current = current
    self.unconfirmed = unconfirmed
  }

  static let messagesPerTab = 100
  static let historyPerTab = 50
  static let maximumUnconfirmed = 1000
  /// Of all messages together; the tabs that come last keep fewer.
  static let maximumBytes = 2 << 20
  /// Of all drafts together.
  static let maximumDraftBytes = 3 << 20
  /// Of all that was sent before and can be called back.
  static let maximumHistoryBytes = 1 << 20
  /// Of one message: the longest line that a server sends.
  static let maximumTextBytes = 8192

  /// How far the screen has got in each conversation that the server counts.
  public var cursors: [Cursor] {
    tabs.compactMap { tab in
      guard tab.isLeft != true, let target = Target(tab.target), let epoch = tab.epoch.flatMap({ Epoch($0) }) else {
        return nil
      }
      return Cursor(target: target, epoch: epoch, sequence: tab.cursor.flatMap(\.asSequence) ?? 0)
    }
  }
}

/// A tab as it was left.
public struct RememberedTab: Codable, Hashable, Sendable {
  /// As on the wire: `#room` or `@name`.
  public var target: String
  public var epoch: String?
  /// The last message that was told.
  public var cursor: Int?
  /// How far it was read.
  public var mark: Int?
  /// The newest message that was known of.
  public var head: Int?
  /// Nothing comes before the first message.
  public var isWhole: Bool
  /// The oldest first.
  public var messages: [RememberedMessage]
  public var draft: String
  /// What was sent from it, the oldest first.
  public var history: [String]
  /// It is a room that the person is not in any more. Nil in files of versions that did not keep those.
  public var isLeft: Bool?
}

/// A message as it was shown.
public struct RememberedMessage: Codable, Hashable, Sendable {
  public var author: String
  public var text: String
  /// Milliseconds since 1970.
  public var time: Int64
  public var sequence: Int?
  public var isTopic: Bool
  public var isOwn: Bool
  public var isMention: Bool
  /// Its text was taken away. Nil in files of versions that did not know of it.
  public var isRemoved: Bool?
}

/// A message on its way.
public struct RememberedSend: Codable, Hashable, Sendable {
  public var id: UInt64
  public var target: String
  public var text: String
  /// Milliseconds since 1970.
  public var time: Int64
  /// It was on the wire.
  public var wasTransmitted: Bool
  /// Of a message to a person: the epoch of the conversation that was meant. Nil also in files of versions that did not
  /// keep it.
  public var epoch: String?
}

extension Int {
  /// The number as a message's place: from 1, and small enough that a little can be added to it.
  var asSequence: Int? { (1...1_000_000_000_000_000_000).contains(self) ? self : nil }
}
