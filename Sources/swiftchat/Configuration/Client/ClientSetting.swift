import ChatProtocol
import ChatUI
import TerminalTypes

/// The settings of the client.
enum ClientSetting: SettingsTable {
  /// All settings, in the order of the sample file.
  static let all: [AnySetting<Self>] =
    [
      AnySetting(name), AnySetting(server), AnySetting(connect), AnySetting(layout), AnySetting(timeFormat),
      AnySetting(theme), AnySetting(sidebar), AnySetting(presence), AnySetting(bell), AnySetting(mouse),
      AnySetting(popup),
      AnySetting(pasteLines),
      AnySetting(openLinksWith), AnySetting(hyperlinks),
    ] + colors + notifications + keys + tabs + servers

  static let name = Row(
    "name", .nickname, example: Nickname.example, isLive: false,
    "Your name in the chat. Default: the last name used, or the name of your account on this machine.",
    flag: .init(text: "Your name in the chat.", standard: "the last name used, or your login name"))

  static let layout = Row(
    "layout", .choice, default: LayoutStyle.modern,
    """
    modern: the name column is as wide as the names in view need, and a time or name appears only when it changes; \
    classic: every row has its time and name.
    """)

  static let timeFormat = Row(
    "time-format", .choice, default: TimeFormat.twentyFourHours, "Times of day: 24h (15:51) or 12h (3:51 pm).")

  static let theme = Row(
    "theme", .choice, default: Theme.auto,
    """
    Colours for a dark or a light background, or auto to ask the terminal for its background. NO_COLOR in the \
    environment turns colours off.
    """)

  static let sidebar = Row(
    "sidebar", .yesOrNo, example: true,
    "Whether the list of people is shown at the start; F8 switches it. Default: as at the end of the last run.")

  static let presence = Row(
    "presence", .yesOrNo, example: true,
    "Whether joins and leaves are shown at the start; Alt+= switches them. Default: as at the end of the last run.")

  static let bell = Row(
    "bell", .yesOrNo, default: NotificationPreferences().ringsBell,
    "Whether the terminal's bell rings for direct messages and for messages that name you.")

  static let mouse = Row(
    "mouse", .yesOrNo, default: Preferences().usesMouse,
    """
    Whether the mouse is used at the start; Alt+M switches it. The wheel scrolls; a click selects a tab, a row of a \
    list or a person in the list, opens or copies a link, or addresses the author of a message. Shift with the mouse \
    selects text.
    """)

  static let popup = Row(
    "popup", .yesOrNo, default: Preferences().showsCandidates,
    "Whether Tab lists the candidates above the input if there are several.")

  static let pasteLines = Row(
    "paste-lines", .number(1...1000), default: Preferences().linesWithoutAsking,
    "The maximum number of lines that are sent without a question. The question shows the first of them.")

  static let openLinksWith = Row(
    "open-links-with", .command, example: ["xdg-open"],
    """
    The program with which O in the list of Ctrl+O opens a link, and its arguments; the link is appended. It runs \
    without a shell and without a time limit. Default: none.
    """)

  static let hyperlinks = Row(
    "hyperlinks", .hyperlinks, default: HyperlinkUse.auto,
    """
    Whether links are sent as hyperlinks, which the terminal itself opens: true, false, or "auto" if the terminal is \
    known to support them (kitty, WezTerm, iTerm2, VTE, Konsole, foot, Ghostty, Windows Terminal, tmux 3.4).
    """)
}

extension ConfigurationForm where Value == HyperlinkUse {
  static let hyperlinks = ConfigurationForm(
    allowed: "true, false or \"auto\"", write: { $0 == .auto ? TOMLText.string($0.rawValue) : $0.rawValue },
    read: { value in
      switch value {
      case .boolean(let isOn): isOn ? .on : .off
      case .string("auto"): .auto
      case .text(let text): HyperlinkUse(rawValue: text)
      default: nil
      }
    })
}
