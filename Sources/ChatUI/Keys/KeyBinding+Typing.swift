import TerminalTypes

extension KeyBinding {
  static let typing: [HelpRow] =
    [
      HelpRow(.send, "send", "send", [Key(.enter)]),
      HelpRow(.newline, "newline", "begin a new line", [.control("j"), .alt(.enter)], unlisted: modifiedEnter),
      HelpRow(.compose, "compose", "write in $VISUAL, $EDITOR or vi", [.alt("e")]),
      HelpRow(
        "complete a name or command",
        KeyBinding(.completeForward, "complete", "complete a name or command", [Key(.tab)]),
        KeyBinding(.completeBackward, "complete-back", "complete with the one before", [Key(.tab, .shift)])),
      HelpRow(
        "previous input",
        KeyBinding(.historyUp, "history-up", "previous input; up a line", [Key(.up)]),
        KeyBinding(.historyDown, "history-down", "next input; down a line", [Key(.down)])),
      HelpRow(.searchHistory, "search-history", "search the input history", [.control("r")]),
    ] + moving + cutting

  private static let moving: [HelpRow] = [
    HelpRow(
      "start, end",
      KeyBinding(.lineStart, "line-start", "start of the line", [.control("a"), Key(.home)]),
      KeyBinding(.lineEnd, "line-end", "end of the line", [.control("e"), Key(.end)])),
    HelpRow(
      "left, right",
      KeyBinding(.left, "left", "a character left", [.control("b"), Key(.left)]),
      KeyBinding(.right, "right", "a character right", [.control("f"), Key(.right)])),
    HelpRow(
      "word left, right",
      KeyBinding(.wordLeft, "word-left", "a word left", [.alt("b"), Key(.left, .control)]),
      KeyBinding(.wordRight, "word-right", "a word right", [.alt("f"), Key(.right, .control)])),
  ]

  private static let cutting: [HelpRow] = [
    HelpRow(.deleteForward, "delete", "delete under the cursor", [.control("d"), Key(.delete)]),
    HelpRow(
      .deleteBackward, "backspace", "delete before the cursor", [Key(.backspace)],
      unlisted: [Key(.backspace, .shift), .control("h")]),
    HelpRow(.killWord, "cut-to-space", "cut to white space", [.control("w")]),
    HelpRow(
      .killShortWord, "cut-word-back", "cut a word back", [.alt(.backspace), Key(.backspace, .control)],
      unlisted: [Key(.backspace, [.control, .alt]), Key(.backspace, [.control, .shift])]),
    HelpRow(.killWordForward, "cut-word", "cut a word forward", [.alt("d"), Key(.delete, .control)]),
    HelpRow(
      "cut to start, to end",
      KeyBinding(.killToStart, "cut-to-start", "cut to the start of the line", [.control("u")]),
      KeyBinding(.killToEnd, "cut-to-end", "cut to the end of the line", [.control("k")])),
    HelpRow(
      "paste the last cut, an earlier cut",
      KeyBinding(.yank, "paste", "paste the last cut", [.control("y")]),
      KeyBinding(.yankPop, "paste-older", "replace it by an earlier cut", [.alt("y")])),
    HelpRow(.transpose, "swap", "swap two characters", [.control("t")]),
    HelpRow(
      "undo, redo",
      KeyBinding(.undo, "undo", "undo", [.control("_")]), KeyBinding(.redo, "redo", "redo", [.alt("_")])),
    HelpRow(.clearInput, "clear-input", "clear the input", [.control("c")]),
  ]

  /// Enter with modifiers, as far as the terminal distinguishes it from plain Enter.
  private static let modifiedEnter: [Key] = [
    .shift, .control, [.shift, .control], [.shift, .alt], [.alt, .control], [.shift, .alt, .control],
  ].map { Key(.enter, $0) }
}
