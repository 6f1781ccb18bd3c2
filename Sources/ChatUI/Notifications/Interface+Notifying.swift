import ChatModel
import ChatProtocol

extension Interface {
  /// Reports a new message to a user who is not looking, as far as the user wants it.
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

  /// The level that the user chose in the chat, in the settings for the conversation, or in general.
  func level(of tab: Tab) -> NotificationLevel {
    let preferences = preferences.notifications
    return tab.notifies ?? preferences.levels[tab.target]
      ?? (tab.isPerson ? preferences.directMessages : preferences.rooms)
  }

  /// Removes what may not be reported now: the user wants silence, or there was a report shortly before.
  mutating func limitNotifications(_ commands: inout [InterfaceCommand]) {
    guard commands.contains(where: \.isNotification) else { return }
    if let silence, !silence.holds(at: now) { self.silence = nil }
    guard silence != nil || !attention.ring(at: now) else { return }
    commands.removeAll(where: \.isNotification)
  }

  func isMention(_ message: ChatMessage) -> Bool {
    guard !message.isOwn, !ignored.contains(message.author) else { return false }
    return message.text.mentions(name) || preferences.notifications.foldedWords.contains(where: message.text.mentions)
  }

  /// The title of the window: the program, after the number of unread messages in the tabs that report any.
  public var title: String {
    let unread = tabs.tabs.filter { level(of: $0) != .none }.reduce(0) { min($0 + min($1.unread, 1000), 1000) }
    // Beyond this the exact number would only keep the terminal busy.
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
