import ChatProtocol

/// The saved state of the interface for one server: open tabs with their last messages and drafts, and the session's
/// unconfirmed messages. Plain values, to be written to a file. A file is untrusted input, which `Interface` checks.
public struct InterfaceMemory: Codable, Hashable, Sendable {
  /// In tab order, the lobby first.
  public var tabs: [RememberedTab]
  /// The index of the current tab.
  public var current: Int
  /// The messages that the session has still to confirm, oldest first.
  public var unconfirmed: [RememberedSend]
  /// The names of people whose messages are hidden. Nil in files of versions without the list.
  public var ignored: [String]?

  public init(
    tabs: [RememberedTab] = [], current: Int = 0, unconfirmed: [RememberedSend] = [], ignored: [String]? = nil
  ) {
    self.ignored = ignored
    self.tabs = tabs
    self.current = current
    self.unconfirmed = unconfirmed
  }

  static let messagesPerTab = 100
  static let historyPerTab = 50
  static let maximumUnconfirmed = 1000
  /// The limit for all messages together; the last tabs keep fewer.
  static let maximumBytes = 2 << 20
  /// The limit for all drafts together.
  static let maximumDraftBytes = 3 << 20
  /// The limit for all history entries together.
  static let maximumHistoryBytes = 1 << 20
  /// The limit for one message: the longest line that a server sends.
  static let maximumTextBytes = 8192

  /// The resume positions of the conversations that the server numbers.
  public var cursors: [Cursor] {
    tabs.compactMap { tab in
      guard tab.isLeft != true, let target = Target(tab.target), let epoch = tab.epoch.flatMap({ Epoch($0) }) else {
        return nil
      }
      return Cursor(target: target, epoch: epoch, sequence: tab.cursor.flatMap(\.asSequence) ?? 0)
    }
  }
}

/// A saved tab.
public struct RememberedTab: Codable, Hashable, Sendable {
  /// As on the wire: `#room` or `@name`.
  public var target: String
  public var epoch: String?
  /// The sequence number of the last message received.
  public var cursor: Int?
  /// The sequence number of the last message read; nil if it is not known.
  public var mark: Int?
  /// The sequence number of the newest known message.
  public var head: Int?
  /// Whether the saved messages begin with the first one of the conversation.
  public var isWhole: Bool
  /// Oldest first.
  public var messages: [RememberedMessage]
  public var draft: String
  /// The texts sent from the tab, oldest first.
  public var history: [String]
  /// Whether the tab is a room that the user has left. Nil in files of versions that did not keep such tabs.
  public var isLeft: Bool?
  /// The notification level that the user chose in the chat. Nil also in files of versions without the choice.
  public var notifies: String?
}

/// A saved message.
public struct RememberedMessage: Codable, Hashable, Sendable {
  public var author: String
  public var text: String
  /// Milliseconds since 1970.
  public var time: Int64
  public var sequence: Int?
  public var isTopic: Bool
  public var isOwn: Bool
  public var isMention: Bool
  /// Whether the message was redacted. Nil in files of versions without redaction.
  public var isRemoved: Bool?
}

/// A saved unconfirmed message.
public struct RememberedSend: Codable, Hashable, Sendable {
  public var id: UInt64
  public var target: String
  public var text: String
  /// Milliseconds since 1970.
  public var time: Int64
  /// Whether the message was transmitted.
  public var wasTransmitted: Bool
  /// For a direct message: the epoch of the conversation it was written for. Nil also in files of versions that did not
  /// keep it.
  public var epoch: String?
}

extension Int {
  /// The number as a sequence number, if valid: from 1, with a limit that leaves room for additions without overflow.
  var asSequence: Int? { (1...1_000_000_000_000_000_000).contains(self) ? self : nil }
}
