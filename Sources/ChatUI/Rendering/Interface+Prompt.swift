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
    return (margin + serverPrefix + name + Layout.promptEnd, editor)
  }

  /// The name of the server where there are several: `work/`.
  private var serverPrefix: String {
    guard servers.hasSeveral else { return "" }
    let width = max(size.columns / 6, 6)
    let forms = Abbreviations(servers.servers.indices.map { serverLabel($0) }, width: width)
    return forms.form(of: serverLabel(), width: width) + "/"
  }

  private var margin: String { size.columns >= 40 ? " " : "" }

  var inputLayout: InputLayout {
    let (prompt, editor) = input
    return InputLayout(editor, width: size.columns - prompt.cellWidth)
  }
}
