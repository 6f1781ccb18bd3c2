import ChatUI

extension RowRuns {
  /// What to send to the terminal to write the row without relying on its idea of a text's width.
  enum Step: Hashable, Sendable {
    /// To a column of the row.
    case move(Int)
    case style(Style)
    /// Scalars.
    case text([UInt32])
    case spaces(Int)
    /// From the cursor on to the end of the row; so many columns.
    case clear(Int)
  }

  var steps: [Step] {
    var steps: [Step] = []
    for run in runs {
      steps += [.move(run.column), .style(run.style)]
      guard run.isSettled else {
        // Where the terminal gives it fewer columns, what lies below is seen: of the same style, and blank.
        steps += [.spaces(run.columns), .move(run.column), .text(run.text)]
        continue
      }
      let blanks = run.blanksAtEnd(of: self)
      let text = run.text.dropLast(blanks)
      if !text.isEmpty { steps.append(.text(Array(text))) }
      // Last, because what stands before it may have reached into it.
      if blanks > 0 { steps += [.move(run.column + run.columns - blanks), .clear(blanks)] }
    }
    return steps
  }
}

extension RowRuns.Run {
  /// How many blanks end the row. They are not written: in the last cell of the last row some terminals would scroll.
  fileprivate func blanksAtEnd(of row: RowRuns) -> Int {
    guard column == row.runs.last?.column, style == .plain else { return 0 }
    return text.reversed().prefix { $0 == 0x20 }.count
  }
}
