import TerminalTypes

/// The key bindings: the single table that key handling and help read.
struct KeyMap: Sendable {
  struct Binding: Sendable {
    let keys: [Key]
    let action: KeyAction
    /// Keys with the same action, not listed in help: for other keyboard layouts, or supported by few terminals.
    var aliases: [Key] = []
    /// The keys as help names them; nil lists `keys`.
    var label: String?
    /// Nil if the help of the neighbouring binding covers this one.
    let help: String?
  }

  struct Group: Sendable {
    let title: String
    let bindings: [Binding]
  }

  let groups: [Group]
  private let actions: [Key: KeyAction]

  init(_ groups: [Group]) {
    self.groups = groups
    var actions: [Key: KeyAction] = [:]
    for binding in groups.flatMap(\.bindings) {
      for key in binding.keys + binding.aliases { actions[key] = binding.action }
    }
    self.actions = actions
  }

  func action(for key: Key) -> KeyAction? { actions[key] }

  static let standard = KeyMap([
    Group(title: "Tabs", bindings: tabBindings),
    Group(
      title: "Reading",
      bindings: [
        Binding(keys: [Key(.pageUp)], action: .pageUp, label: "PgUp PgDn", help: "scroll by a page"),
        Binding(keys: [Key(.pageDown)], action: .pageDown, help: nil),
        Binding(keys: [.alt(.home)], action: .top, label: "Alt+Home Alt+End", help: "oldest, newest"),
        Binding(keys: [.alt(.end)], action: .bottom, help: nil),
        Binding(keys: [.alt("u")], action: .firstUnread, help: "first unread line"),
        Binding(keys: [.alt("p")], action: .previousMention, label: "Alt+P Alt+N", help: "mention before, after"),
        Binding(keys: [.alt("n")], action: .nextMention, help: nil),
        Binding(keys: [.control("s")], action: .searchPane, help: "search this tab, Enter: on the server"),
      ]),
    Group(
      title: "Typing",
      bindings: [
        Binding(keys: [Key(.enter)], action: .send, help: "send"),
        Binding(
          keys: [.control("j"), .alt(.enter)], action: .newline, aliases: modifiedEnter, label: "Ctrl+J, Alt+Enter",
          help: "begin a new line"),
        Binding(
          keys: [Key(.tab)], action: .completeForward, label: "Tab Shift+Tab", help: "complete a name or command"),
        Binding(keys: [Key(.tab, .shift)], action: .completeBackward, help: nil),
        Binding(keys: [Key(.up)], action: .historyUp, label: "↑ ↓", help: "what was sent before"),
        Binding(keys: [Key(.down)], action: .historyDown, help: nil),
        Binding(keys: [.control("r")], action: .searchHistory, help: "search what was sent before"),
        Binding(
          keys: [.control("a")], action: .lineStart, aliases: [Key(.home)], label: "Ctrl+A Ctrl+E, Home End",
          help: "start, end"),
        Binding(keys: [.control("e")], action: .lineEnd, aliases: [Key(.end)], help: nil),
        Binding(
          keys: [.control("b")], action: .left, aliases: [Key(.left)], label: "Ctrl+B Ctrl+F, ← →",
          help: "left, right"),
        Binding(keys: [.control("f")], action: .right, aliases: [Key(.right)], help: nil),
        Binding(
          keys: [.alt("b")], action: .wordLeft, aliases: [Key(.left, .control)], label: "Alt+B Alt+F, Ctrl+← Ctrl+→",
          help: "word left, right"),
        Binding(keys: [.alt("f")], action: .wordRight, aliases: [Key(.right, .control)], help: nil),
        Binding(
          keys: [.control("d")], action: .deleteForward, aliases: [Key(.delete)], label: "Ctrl+D, Del",
          help: "delete under the cursor"),
        Binding(
          keys: [Key(.backspace)], action: .deleteBackward, aliases: [Key(.backspace, .shift), .control("h")],
          help: "delete before the cursor"),
        Binding(keys: [.control("w")], action: .killWord, help: "cut to white space"),
        Binding(
          keys: [.alt(.backspace)], action: .killShortWord,
          aliases: [
            Key(.backspace, .control), Key(.backspace, [.control, .alt]), Key(.backspace, [.control, .shift]),
          ],
          label: "Alt+Backspace, Ctrl+Backspace", help: "cut a word back"),
        Binding(
          keys: [.alt("d")], action: .killWordForward, aliases: [Key(.delete, .control)], label: "Alt+D, Ctrl+Del",
          help: "cut a word forward"),
        Binding(keys: [.control("u")], action: .killToStart, label: "Ctrl+U Ctrl+K", help: "cut to start, to end"),
        Binding(keys: [.control("k")], action: .killToEnd, help: nil),
        Binding(keys: [.control("y")], action: .yank, help: "put back what was cut"),
        Binding(keys: [.control("t")], action: .transpose, help: "swap two characters"),
        Binding(keys: [.control("_")], action: .undo, label: "Ctrl+_ Alt+_", help: "undo, redo"),
        Binding(keys: [.alt("_")], action: .redo, help: nil),
        Binding(keys: [.control("c")], action: .clearInput, help: "clear the input"),
      ]),
    Group(
      title: "Screen",
      bindings: [
        Binding(keys: [Key(.function(1))], action: .help, help: "this help"),
        Binding(keys: [Key(.function(6))], action: .focusSidebar, help: "choose somebody in the list"),
        Binding(keys: [Key(.function(8))], action: .toggleSidebar, help: "show or hide the list"),
        Binding(keys: [.alt("=")], action: .togglePresence, help: "show or hide comings and goings"),
        Binding(keys: [.control("l")], action: .redraw, help: "draw anew"),
        Binding(keys: [.control("z")], action: .suspend, help: "suspend"),
        Binding(keys: [.control("q")], action: .quit, help: "quit"),
        Binding(keys: [Key(.escape)], action: .dismiss, help: "close what is open, back to the newest"),
      ]),
  ])

  /// Enter with modifiers, as far as the terminal distinguishes it from plain Enter.
  private static let modifiedEnter: [Key] = [
    .shift, .control, [.shift, .control], [.shift, .alt], [.alt, .control], [.shift, .alt, .control],
  ].map { Key(.enter, $0) }

  /// The unshifted characters of the digit keys on a French keyboard; Alt+`_` is redo.
  private static let frenchDigits: [Character] = ["&", "é", "\"", "'", "(", "-", "è", "_", "ç", "à"]

  private static let tabBindings: [Binding] =
    (1...10).map { number in
      let digit = Character(String(number % 10))
      let french = frenchDigits[number - 1]
      return Binding(
        keys: [.alt(digit)], action: .selectTab(number - 1), aliases: french == "_" ? [] : [.alt(french)],
        label: "Alt+1 … Alt+9, Alt+0", help: number == 1 ? "tab 1 to 9, tab 10" : nil)
    } + [
      Binding(
        keys: [.control("n")], action: .nextTab, aliases: [.alt(.right)], label: "Ctrl+N Ctrl+P, Alt+→ Alt+←",
        help: "next, previous tab"),
      Binding(keys: [.control("p")], action: .previousTab, aliases: [.alt(.left)], help: nil),
      Binding(keys: [.alt("a")], action: .activeTab, help: "next tab with something new"),
      Binding(keys: [.alt("/")], action: .lastTab, help: "the tab before this one"),
      Binding(
        keys: [.control("g")], action: .switchTab, aliases: [.alt("k")], label: "Ctrl+G, Alt+K",
        help: "go to a tab, room or person by name"),
    ]
}
