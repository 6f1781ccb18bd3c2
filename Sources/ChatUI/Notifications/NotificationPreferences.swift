import ChatProtocol

/// The messages that are reported to a user who is not looking.
public enum NotificationLevel: String, CaseIterable, Hashable, Sendable, Codable {
  case all
  /// Messages with the user's name or one of the chosen words.
  case mentions
  case none
}

/// The settings of notifications.
public struct NotificationPreferences: Hashable, Sendable, Codable {
  /// Whether the terminal's bell rings.
  public var ringsBell = true
  /// Whether messages are also reported by the terminal's notifications or by a program.
  public var sendsTexts = false
  public var rooms = NotificationLevel.mentions
  public var directMessages = NotificationLevel.all
  /// Words that count as mentions.
  public var words: [String] = []
  /// Levels of single conversations.
  public var levels: [Target: NotificationLevel] = [:]

  public init() {}

  /// The words in the form that texts are compared in.
  var foldedWords: [String] { words.map { $0.folded() } }

  /// The level of a conversation: the one chosen in the chat, otherwise the setting for the conversation, otherwise the
  /// general setting. A tab without reports (`none`) does not ask for attention either.
  /// - Parameter chosen: in the chat; nil if there is none.
  func level(of target: Target, chosen: NotificationLevel?) -> NotificationLevel {
    if let level = chosen ?? levels[target] { return level }
    if case .person = target { return directMessages }
    return rooms
  }

  func level(of tab: Tab) -> NotificationLevel { level(of: tab.target, chosen: tab.notifies) }
}
