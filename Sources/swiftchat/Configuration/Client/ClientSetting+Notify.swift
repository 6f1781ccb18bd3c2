import ChatProtocol
import ChatUI
import TerminalTypes

// The notifications of the client.

extension ClientSetting {
  static let notifications: [AnySetting<Self>] = [
    AnySetting(notifyTerminal), AnySetting(notifyCommand), AnySetting(notifyRooms), AnySetting(notifyDirect),
    AnySetting(notifyWords),
  ]

  static let tabs: [AnySetting<Self>] = [AnySetting(tabLevel)]

  static let notifyDescription = """
    Notifications, in addition to the bell, of messages that you do not see. They become less frequent until you react; \
    /dnd and /snooze stop them.
    """

  static let notifyTerminal = Row(
    "notify.terminal", .choice, default: NotificationSequence.none,
    """
    Notifications of the terminal, also over SSH: osc9 (iTerm2, WezTerm, Windows Terminal), osc777 (VTE, foot, Ghostty, \
    rxvt), osc99 (kitty) or none. In tmux they need `set -g allow-passthrough on`.
    """)

  static let notifyCommand = Row(
    "notify.command", .command, example: ["notify-send", "--app-name=swiftchat"],
    """
    A program to run, without a shell. Its last two arguments are the room or person, and the message; its environment \
    has SWIFTCHAT_PLACE, SWIFTCHAT_AUTHOR and SWIFTCHAT_TEXT. It is ended after 10 seconds. Default: none.
    """)

  static let notifyRooms = Row(
    "notify.rooms", .choice, default: NotificationPreferences().rooms,
    "The messages to report, in rooms and from one person: all, mentions or none. /notify changes it for a tab.")

  static let notifyDirect = Row("notify.direct", .choice, default: NotificationPreferences().directMessages)

  static let notifyWords = Row(
    "notify.words", .words, example: ["deploy", "on fire"], "Words that count as a mention of you, in any letter case.")

  static let tabsDescription = "Settings of a single conversation, named by its tab: #room or @name."

  static let tabLevel = Row(
    "tabs.*.notify", .choice, example: NotificationLevel.all, "Which messages are reported: all, mentions or none.")

  static func tabRefusal(_ name: String) -> String? {
    Target(name) == nil ? "is not a conversation: write \"#room\" or \"@name\"" : nil
  }
}

extension Configuration<ClientSetting> {
  var notificationSequence: NotificationSequence { self[ClientSetting.notifyTerminal] ?? .none }

  var notifications: NotificationPreferences {
    var preferences = NotificationPreferences()
    preferences.ringsBell = self[ClientSetting.bell] ?? preferences.ringsBell
    preferences.sendsTexts = notificationSequence != .none || self[ClientSetting.notifyCommand] != nil
    preferences.rooms = self[ClientSetting.notifyRooms] ?? preferences.rooms
    preferences.directMessages = self[ClientSetting.notifyDirect] ?? preferences.directMessages
    preferences.words = self[ClientSetting.notifyWords] ?? []
    for name in members(of: "tabs") {
      if let target = Target(name) { preferences.levels[target] = self[ClientSetting.tabLevel, in: name] }
    }
    return preferences
  }
}

extension ConfigurationForm where Value == [String] {
  static let words = list("at most 50 words", count: 0...50) { word in
    let text = DisplayText.sanitize(word)
    return text == word && word.utf8.count <= 100 && word.contains { $0.isLetter || $0.isNumber } ? word : nil
  }
}
