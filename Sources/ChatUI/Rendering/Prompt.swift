import TerminalTypes

extension Interface {
  /// The prompt and the editor of the input line. The prompt names the action of Enter, or the recipient of the text.
  var input: (prompt: String, editor: LineEditor) {
    let overlay = overlays.top?.input(width: size.columns)
    let editor = overlay?.editor ?? tabs.current.editor
    if let overlay, !overlay.prompt.isEmpty { return (margin + overlay.prompt + Layout.promptEnd, editor) }
    // On a narrow screen the columns are needed for the text.
    guard size.columns >= 40 else { return (Layout.promptEnd, editor) }
    let name = rosters.guests.shown(tabs.current.target).truncated(to: max(size.columns / 5, 8))
    return (margin + name + Layout.promptEnd, editor)
  }

  private var margin: String { size.columns >= 40 ? " " : "" }

  var inputLayout: InputLayout {
    let (prompt, editor) = input
    return InputLayout(editor, width: size.columns - prompt.cellWidth)
  }
}
