/// The action of a key in the main view. `KeyBinding.groups` has its name, its help and its default keys.
public enum KeyAction: Hashable, Sendable, Codable {
  // Tabs.
  case selectTab(Int)
  case nextTab, previousTab, activeTab, lastTab, switchTab, tabNumber
  // Reading.
  case pageUp, pageDown, top, bottom, firstUnread, previousMention, nextMention, searchPane, searchResults
  case nextResult, previousResult, pickLink, bareView
  // Typing.
  case send, newline, compose, completeForward, completeBackward, historyUp, historyDown, searchHistory
  case left, right, wordLeft, wordRight, lineStart, lineEnd
  case deleteBackward, deleteForward, killWord, killShortWord, killWordForward, killToStart, killToEnd, yank, yankPop
  case transpose
  case undo, redo, clearInput
  // The screen.
  case help, toggleSidebar, focusSidebar, togglePresence, toggleMouse, redraw, suspend, quit, dismiss

  /// Whether it leads to another tab.
  var leadsToTab: Bool {
    switch self {
    case .selectTab, .nextTab, .previousTab, .activeTab, .lastTab, .switchTab, .tabNumber: true
    default: false
    }
  }
}
