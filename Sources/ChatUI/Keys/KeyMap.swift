import TerminalTypes

/// The key bindings: the single table that key handling and help read.
struct KeyMap: Sendable {
  struct KeyBinding: Sendable {
    let keys: [Key]
    let action: KeyAction
    /// Keys with the same action, not listed in help: for other keyboard layouts, or supported by few terminals.
    var aliases: [Key] = []
    /// The keys as help names them; nil lists `keys`.
    var label: String?
    /// Nil if the help of the neighbouring binding covers this one.
    let help: String?
  }

  struct KeyGroup: Sendable {
    let title: String
    let bindings: [KeyBinding]
  }

  let groups: [KeyGroup]
  private let actions: [Key: KeyAction]

  init(_ groups: [KeyGroup]) {
    self.groups = groups
    var actions: [Key: KeyAction] = [:]
    for binding in groups.flatMap(\.bindings) {
      for key in binding.keys + binding.aliases { actions[key] = binding.action }
    }
    self.actions = actions
  }

  func action(for key: Key) -> KeyAction? { actions[key] }

  static let standard = KeyMap([
    KeyGroup(title: "Tabs", bindings: tabBindings),
    KeyGroup(
      title: "Reading",
      bindings: [
        KeyBinding(keys: [Key(.pageUp)], action: .pageUp, label: "PgUp PgDn", help: "scroll by a page"),
        KeyBinding(keys: [Key(.pageDown)], action: .pageDown, help: nil),
        KeyBinding(keys: [.alt(.home)], action: .top, label: "Alt+Home Alt+End", help: "oldest, newest"),
        KeyBinding(keys: [.alt(.end)], action: .bottom, help: nil),
        KeyBinding(keys: [.alt("u")], action: .firstUnread, help: "first unread line"),
        KeyBinding(keys: [.alt("p")], action: .previousMention, label: "Alt+P Alt+N", help: "mention before, after"),
        KeyBinding(keys: [.alt("n")], action: .nextMention, help: nil),
        KeyBinding(keys: [.control("s")], action: .searchPane, help: "search this tab, Enter: on the server"),
        KeyBinding(keys: [.control("o")], action: .pickLink, help: "copy a link"),
        KeyBinding(keys: [.alt("l")], action: .bareView, help: "only the text, to copy it"),
      ]),
    KeyGroup(
      title: "Typing",
      bindings: [
        KeyBinding(keys: [Key(.enter)], action: .send, help: "send"),
        KeyBinding(
          keys: [.control("j"), .alt(.enter)], action: .newline, aliases: modifiedEnter, label: "Ctrl+J, Alt+Enter",
          help: "begin a new line"),
        KeyBinding(
          keys: [Key(.tab)], action: .completeForward, label: "Tab Shift+Tab", help: "complete a name or command"),
        KeyBinding(keys: [Key(.tab, .shift)], action: .completeBackward, help: nil),
        KeyBinding(keys: [Key(.up)], action: .historyUp, label: "↑ ↓", help: "what was sent before"),
        KeyBinding(keys: [Key(.down)], action: .historyDown, help: nil),
        KeyBinding(keys: [.control("r")], action: .searchHistory, help: "search what was sent before"),
        KeyBinding(
          keys: [.control("a")], action: .lineStart, aliases: [Key(.home)], label: "Ctrl+A Ctrl+E, Home End",
          help: "start, end"),
        KeyBinding(keys: [.control("e")], action: .lineEnd, aliases: [Key(.end)], help: nil),
        KeyBinding(
          keys: [.control("b")], action: .left, aliases: [Key(.left)], label: "Ctrl+B Ctrl+F, ← →",
          help: "left, right"),
        KeyBinding(keys: [.control("f")], action: .right, aliases: [Key(.right)], help: nil),
        KeyBinding(
          keys: [.alt("b")], action: .wordLeft, aliases: [Key(.left, .control)], label: "Alt+B Alt+F, Ctrl+← Ctrl+→",
          help: "word left, right"),
        KeyBinding(keys: [.alt("f")], action: .wordRight, aliases: [Key(.right, .control)], help: nil),
        KeyBinding(
          keys: [.control("d")], action: .deleteForward, aliases: [Key(.delete)], label: "Ctrl+D, Del",
          help: "delete under the cursor"),
        KeyBinding(
          keys: [Key(.backspace)], action: .deleteBackward, aliases: [Key(.backspace, .shift), .control("h")],
          help: "delete before the cursor"),
        KeyBinding(keys: [.control("w")], action: .killWord, help: "cut to white space"),
        KeyBinding(
          keys: [.alt(.backspace)], action: .killShortWord,
          aliases: [
            Key(.backspace, .control), Key(.backspace, [.control, .alt]), Key(.backspace, [.control, .shift]),
          ],
          label: "Alt+Backspace, Ctrl+Backspace", help: "cut a word back"),
        KeyBinding(
          keys: [.alt("d")], action: .killWordForward, aliases: [Key(.delete, .control)], label: "Alt+D, Ctrl+Del",
          help: "cut a word forward"),
        KeyBinding(keys: [.control("u")], action: .killToStart, label: "Ctrl+U Ctrl+K", help: "cut to start, to end"),
        KeyBinding(keys: [.control("k")], action: .killToEnd, help: nil),
        KeyBinding(keys: [.control("y")], action: .yank, help: "put back what was cut"),
        KeyBinding(keys: [.control("t")], action: .transpose, help: "swap two characters"),
        KeyBinding(keys: [.control("_")], action: .undo, label: "Ctrl+_ Alt+_", help: "undo, redo"),
        KeyBinding(keys: [.alt("_")], action: .redo, help: nil),
        KeyBinding(keys: [.control("c")], action: .clearInput, help: "clear the input"),
      ]),
    KeyGroup(
      title: "Screen",
      bindings: [
        KeyBinding(keys: [Key(.function(1))], action: .help, help: "this help"),
        KeyBinding(keys: [Key(.function(6))], action: .focusSidebar, help: "choose somebody in the list"),
        KeyBinding(keys: [Key(.function(8))], action: .toggleSidebar, help: "show or hide the list"),
        KeyBinding(keys: [.alt("=")], action: .togglePresence, help: "show or hide comings and goings"),
        KeyBinding(keys: [.control("l")], action: .redraw, help: "draw anew"),
        KeyBinding(keys: [.control("z")], action: .suspend, help: "suspend"),
        KeyBinding(keys: [.control("q")], action: .quit, help: "quit"),
        KeyBinding(keys: [Key(.escape)], action: .dismiss, help: "close what is open, back to the newest"),
      ]),
  ])

  /// Enter with modifiers, as far as the terminal distinguishes it from plain Enter.
  private static let modifiedEnter: [Key] = [
    .shift, .control, [.shift, .control], [.shift, .alt], [.alt, .control], [.shift, .alt, .control],
  ].map { Key(.enter, $0) }

  /// The unshifted characters of the digit keys on a French keyboard; Alt+`_` is redo.
  private static let frenchDigits: [Character] = ["&", "é", "\"", "'", "(", "-", "è", "_", "ç", "à"]

  private static let tabBindings: [KeyBinding] =
    (1...10).map { number in
      let digit = Character(String(number % 10))
      let french = frenchDigits[number - 1]
      return KeyBinding(
        keys: [.alt(digit)], action: .selectTab(number - 1), aliases: french == "_" ? [] : [.alt(french)],
        label: "Alt+1 … Alt+9, Alt+0", help: number == 1 ? "tab 1 to 9, tab 10" : nil)
    } + [
      KeyBinding(
        keys: [.control("n")], action: .nextTab, aliases: [.alt(.right)], label: "Ctrl+N Ctrl+P, Alt+→ Alt+←",
        help: "next, previous tab"),
      KeyBinding(keys: [.control("p")], action: .previousTab, aliases: [.alt(.left)], help: nil),
      KeyBinding(keys: [.alt("a")], action: .activeTab, help: "next tab with something new, then back"),
      KeyBinding(keys: [.alt("j")], action: .tabNumber, help: "go to a tab by its number"),
      KeyBinding(keys: [.alt("/")], action: .lastTab, help: "the tab before this one"),
      KeyBinding(
        keys: [.control("g")], action: .switchTab, aliases: [.alt("k")], label: "Ctrl+G, Alt+K",
        help: "go to a tab, room or person by name"),
    ]
}
