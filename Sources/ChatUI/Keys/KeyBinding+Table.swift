import TerminalTypes

extension KeyBinding {
  static let tabs: [HelpRow] = [
    HelpRow("tab 1 to 9, tab 10", selectors),
    HelpRow(
      "next, previous tab",
      KeyBinding(.nextTab, "next-tab", "next tab", [.control("n"), .alt(.right)]),
      KeyBinding(.previousTab, "previous-tab", "previous tab", [.control("p"), .alt(.left)])),
    HelpRow(.activeTab, "active-tab", "next tab with something new, then back", [.alt("a")]),
    HelpRow(.tabNumber, "tab-number", "go to a tab by its number", [.alt("j")]),
    HelpRow(.lastTab, "last-tab", "the tab before this one", [.alt("/")]),
    HelpRow(.switchTab, "switch-tab", "go to a tab, room, person or server", [.control("g"), .alt("k")]),
  ]

  /// The unshifted characters of the digit keys on a French keyboard; Alt+`_` is redo.
  private static let frenchDigits: [Character] = ["&", "é", "\"", "'", "(", "-", "è", "_", "ç", "à"]

  private static let selectors: [KeyBinding] = frenchDigits.enumerated().map { index, french in
    KeyBinding(
      .selectTab(index), "tab-\(index + 1)", "tab \(index + 1)", [.alt(Character(String((index + 1) % 10)))],
      unlisted: french == "_" ? [] : [.alt(french)])
  }

  static let reading: [HelpRow] = [
    HelpRow(
      "scroll by a page",
      KeyBinding(.pageUp, "page-up", "scroll up by a page", [Key(.pageUp)]),
      KeyBinding(.pageDown, "page-down", "scroll down by a page", [Key(.pageDown)])),
    HelpRow(
      "oldest, newest",
      KeyBinding(.top, "top", "scroll to the oldest line", [.alt(.home)]),
      KeyBinding(.bottom, "bottom", "scroll to the newest line", [.alt(.end)])),
    HelpRow(.firstUnread, "first-unread", "first unread line", [.alt("u")]),
    HelpRow(
      "mention before, after",
      KeyBinding(.previousMention, "previous-mention", "mention before", [.alt("p")]),
      KeyBinding(.nextMention, "next-mention", "mention after", [.alt("n")])),
    HelpRow(.searchPane, "search", "search this tab, Enter: on the server", [.control("s")]),
    HelpRow(.searchResults, "search-results", "the list of search results again", [.alt("s")]),
    HelpRow(
      "next, previous search result",
      KeyBinding(.nextResult, "next-result", "next search result", [Key(.function(3))]),
      KeyBinding(.previousResult, "previous-result", "previous search result", [Key(.function(3), .shift)])),
    HelpRow(.pickLink, "pick-link", "copy a link", [.control("o")]),
    HelpRow(.bareView, "bare-view", "only the text, to copy it", [.alt("l")]),
  ]

  static let screen: [HelpRow] = [
    HelpRow(.help, "help", "all keys and commands", [Key(.function(1))]),
    HelpRow(.focusSidebar, "focus-sidebar", "choose somebody in the list", [Key(.function(6))]),
    HelpRow(.toggleSidebar, "toggle-sidebar", "show or hide the list", [Key(.function(8))]),
    HelpRow(.togglePresence, "toggle-presence", "show or hide joins and departures", [.alt("=")]),
    HelpRow(.toggleMouse, "toggle-mouse", "mouse on or off; Shift selects text", [.alt("m")]),
    HelpRow(.redraw, "redraw", "redraw the screen", [.control("l")]),
    HelpRow(.suspend, "suspend", "suspend", [.control("z")]),
    HelpRow(.quit, "quit", "quit", [.control("q")]),
    HelpRow(.dismiss, "dismiss", "close what is open, back to the newest", [Key(.escape)]),
  ]
}
