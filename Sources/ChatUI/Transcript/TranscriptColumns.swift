/// The columns of a transcript: time, name, marker, text. The narrower the pane, the fewer.
struct TranscriptColumns: Hashable {
  /// The place of the name.
  enum Form: Hashable {
    /// `15:51  marco  ▌ text`: in a column of its own.
    case table
    /// `15:51▌marco: text`: at the beginning of the text.
    case inline
    /// `▌marco: text`: the same, without times.
    case bare
  }

  let form: Form
  let style: LayoutStyle
  let timeFormat: TimeFormat
  /// The first column of the time.
  let time: Int
  /// The first column of the name, and the width of the column of names; meaningless without one.
  let name: Int
  let nameWidth: Int
  let alignsNamesRight: Bool
  /// The column of the sign before the text.
  let marker: Int
  /// The first column of the text.
  let text: Int
  /// The indent of the rows of a message after the first one.
  let hanging: Int

  /// The limits for the width of the column of names.
  static let smallestNameWidth = 6
  static let largestNameWidth = 12

  /// - Parameters:
  ///   - width: of the pane.
  ///   - names: the width of the longest name in view.
  ///   - isWide: whether the screen has columns to spare.
  init(width: Int, names: Int, style: LayoutStyle, timeFormat: TimeFormat, isWide: Bool) {
    self.style = style
    self.timeFormat = timeFormat
    form = width >= 56 ? .table : width >= 32 ? .inline : .bare
    // Classic rows begin at the edge.
    let margin = style == .classic ? 0 : 1
    time = margin
    let behindTime = margin + timeFormat.columns
    switch (form, style) {
    case (.table, .modern):
      nameWidth = min(max(names, Self.smallestNameWidth), Self.nameWidth(in: width))
      (name, alignsNamesRight) = (behindTime + 2, isWide)
      marker = name + nameWidth + (isWide ? 1 : 0)
      (text, hanging) = (marker + 2, 0)
    case (.table, .classic):
      nameWidth = width >= 80 ? 12 : 10
      (name, alignsNamesRight) = (behindTime + 1, true)
      marker = name + nameWidth + 1
      (text, hanging) = (marker + 2, 0)
    case (.inline, _):
      (name, nameWidth, alignsNamesRight) = (0, 0, false)
      marker = behindTime
      (text, hanging) = (marker + 1, 2)
    case (.bare, _):
      (name, nameWidth, alignsNamesRight) = (0, 0, false)
      (marker, text, hanging) = (0, 1, 2)
    }
  }

  /// The limit for the column of names: a narrow pane needs its columns for the text.
  static func nameWidth(in width: Int) -> Int { min(max(width / 6, smallestNameWidth), largestNameWidth) }

  var hasNameColumn: Bool { form == .table }

  /// The column of a name of this width.
  func place(ofName columns: Int) -> Int { alignsNamesRight ? name + max(nameWidth - columns, 0) : name }

  /// The rule before the text of every row.
  var hasRule: Bool { form == .table && style == .classic }

  /// Whether times and names that repeat those of the row above are left out. Without a column of names, names are
  /// never left out, because they separate two messages.
  var omitsTimes: Bool { style == .modern }
  var omitsNames: Bool { style == .modern && form == .table }
}
