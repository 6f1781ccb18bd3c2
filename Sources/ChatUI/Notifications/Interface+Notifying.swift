import ChatModel
import ChatProtocol

extension Interface {
  /// Reports a new message to a user who is not looking, if the level of the tab includes it.
  func notify(_ message: TranscriptEntry.Message, in tab: Tab) -> [InterfaceCommand] {
    switch level(of: tab) {
    case .all: break
    case .mentions: guard message.isMention else { return [] }
    case .none: return []
    }
    let preferences = preferences.notifications
    return (preferences.ringsBell ? [.bell] : [])
      + (preferences.sendsTexts ? [.notify(Notification(message, in: tab.target, rosters.guests))] : [])
  }

  /// The level chosen in the chat, otherwise the setting for the conversation, otherwise the general setting.
  func level(of tab: Tab) -> NotificationLevel {
    let preferences = preferences.notifications
    return tab.notifies ?? preferences.levels[tab.target]
      ?? (tab.isPerson ? preferences.directMessages : preferences.rooms)
  }

  /// Removes notifications during a silence, and those that follow the previous one too soon.
  mutating func limitNotifications(_ commands: inout [InterfaceCommand]) {
    guard commands.contains(where: \.isNotification) else { return }
    if let silence, !silence.holds(at: now) { self.silence = nil }
    guard silence != nil || !attention.admitNotification(at: now) else { return }
    commands.removeAll(where: \.isNotification)
  }

  func isMention(_ message: ChatMessage) -> Bool {
    guard !message.isOwn, !ignored.contains(message.author) else { return false }
    return message.text.mentions(name) || preferences.notifications.foldedWords.contains(where: message.text.mentions)
  }

  /// The window title: the number of unread messages in tabs whose level is not `none`, and the program's name.
  public var title: String {
    let unread = tabs.tabs.filter { level(of: $0) != .none }.reduce(0) { min($0 + min($1.unread, 1000), 1000) }
    // An exact number above 99 would change the title with every message.
    return unread == 0 ? "swiftchat" : "(\(unread > 99 ? "99+" : "\(unread)")) swiftchat"
  }
}

extension InterfaceCommand {
  fileprivate var isNotification: Bool {
    switch self {
    case .bell, .notify: true
    default: false
    }
  }
}
