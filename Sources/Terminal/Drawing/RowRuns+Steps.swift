import TerminalTypes

extension RowRuns {
  /// An instruction for writing the row independently of the terminal's idea of a text's width.
  enum DrawingStep: Hashable, Sendable {
    /// Move to a column of the row.
    case move(Int)
    case style(Style)
    /// Begin a hyperlink to the address; nil ends it.
    case link(String?)
    /// Text as scalars.
    case text([UInt32])
    case spaces(Int)
    /// Clear from the cursor to the end of the row, which is this many columns.
    case clear(Int)
  }

  var steps: [DrawingStep] {
    var steps: [DrawingStep] = []
    for run in runs {
      steps += [.move(run.column), .style(run.style)]
      if run.link != nil { steps.append(.link(run.link)) }
      defer { if run.link != nil { steps.append(.link(nil)) } }
      guard run.isSettled else {
        // If the terminal gives the text fewer columns, the blanks below it show, in the same style.
        steps += [.spaces(run.columns), .move(run.column), .text(run.text)]
        continue
      }
      let blanks = run.blanksAtEnd(of: self)
      let text = run.text.dropLast(blanks)
      if !text.isEmpty { steps.append(.text(Array(text))) }
      // Last, because wide text before the blanks may have reached into them.
      if blanks > 0 { steps += [.move(run.column + run.columns - blanks), .clear(blanks)] }
    }
    return steps
  }
}

extension RowRuns.CellRun {
  /// The number of blanks at the end of the row. They are cleared, not written: after writing the last cell of the last
  /// row some terminals would scroll.
  fileprivate func blanksAtEnd(of row: RowRuns) -> Int {
    guard column == row.runs.last?.column, style == .plain, link == nil else { return 0 }
    return text.reversed().prefix { $0 == 0x20 }.count
  }
}
