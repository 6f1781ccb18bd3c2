import TerminalTypes

/// A set of keys for people who come from another program.
public enum KeyPreset: String, CaseIterable, Hashable, Sendable {
  /// The default keys.
  case standard
  case weechat
  case irssi
  case emacs

  /// The keys that differ from the default ones.
  var changes: [KeyAction: [Key]] {
    switch self {
    case .standard: [:]
    case .weechat:
      [
        .nextTab: [.control("n"), .alt(.right), .alt(.down), Key(.function(6))],
        .previousTab: [.control("p"), .alt(.left), .alt(.up), Key(.function(5))],
        .focusSidebar: [Key(.function(7))],
        .clearInput: [.control("c"), .alt("r")],
      ]
    case .irssi:
      [
        .pageUp: [Key(.pageUp), .alt("p")], .pageDown: [Key(.pageDown), .alt("n")],
        .previousMention: [.alt(",")], .nextMention: [.alt(".")],
      ]
    case .emacs:
      [
        .nextTab: [.alt(.right)], .previousTab: [.alt(.left)], .switchTab: [.alt("k")],
        .pageUp: [Key(.pageUp), .alt("v")], .pageDown: [Key(.pageDown), .control("v")],
        .top: [.alt(.home), .alt("<")], .bottom: [.alt(.end), .alt(">")],
        .historyUp: [Key(.up), .control("p"), .alt("p")], .historyDown: [Key(.down), .control("n"), .alt("n")],
        .previousMention: [.alt(",")], .nextMention: [.alt(".")],
        .dismiss: [Key(.escape), .control("g")],
      ]
    }
  }
}
