import ChatModel
import ChatProtocol

extension Interface {
  /// Reports a new message, if the level of the conversation includes it and the user is not looking at its line.
  /// - Parameter tab: the tab that shows it.
  func notify(_ message: TranscriptEntry.Message, in target: Target, shownIn tab: Int) -> [InterfaceCommand] {
    guard !isOnScreen(tab) || !isFocused else { return [] }
    let chosen = tabs.index(of: target).flatMap { tabs[$0].notifies }
    switch preferences.notifications.level(of: target, chosen: chosen) {
    case .all: break
    case .mentions: guard message.isMention else { return [] }
    case .none: return []
    }
    return (preferences.notifications.ringsBell ? [.bell] : [])
      + (preferences.notifications.sendsTexts
        ? [.notify(Notification(message, in: target, rosters.guests, server: servers.hasSeveral ? serverLabel() : nil))]
        : [])
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
    return message.text.mentions(name, orAnyOf: preferences.notifications.foldedWords)
  }

  /// The window title: the number of unread messages in tabs whose level is not `none`, and the program's name. Where
  /// there are several servers, also the one on the screen.
  public var title: String {
    let tabs = servers.servers.lazy.flatMap(\.tabs.tabs)
    let unread = tabs.filter { preferences.notifications.level(of: $0) != .none }.reduce(0) {
      min($0 + min($1.unread, 1000), 1000)
    }
    // An exact number above 99 would change the title with every message.
    let count = unread == 0 ? "" : "(\(unread > 99 ? "99+" : "\(unread)")) "
    return "\(count)swiftchat" + (servers.hasSeveral ? " · \(serverLabel())" : "")
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
