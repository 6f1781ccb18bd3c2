extension Character {
  /// The number of columns of this grapheme cluster in a terminal: the sum over its scalars, as ncurses counts, which
  /// gives each of them its own cells. A flag is 2, a letter with marks 1, an emoji 2; an emoji with a skin tone is 4
  /// and a family 6 or more, because ncurses shows the parts. Marks and formatting characters on their own are 0: they
  /// have no cell and must be left out.
  ///
  /// A cluster that is not `isDrawable` has the width of its replacement: 1.
  @inlinable public var cellWidth: Int {
    if let width = asciiWidth { return width }
    var width = 0
    for scalar in unicodeScalars {
      guard let columns = CellWidthTable.width(of: scalar) else { return 1 }
      width += columns
    }
    return width
  }

  /// Whether the terminal library knows every scalar. It draws control characters, and characters newer than its
  /// Unicode version, at a width of its own choice, which would shift the rest of the row.
  @inlinable public var isDrawable: Bool {
    if utf8.count == 1 { return asciiValue.map(isPrintable) ?? false }
    return unicodeScalars.allSatisfy { CellWidthTable.width(of: $0) != nil }
  }

  /// The cluster itself, or U+FFFD if it is not drawable. Either has the same `cellWidth`.
  @inlinable public var drawable: Character { isDrawable ? self : "\u{fffd}" }

  /// Nil unless the cluster is a single ASCII character.
  @inlinable var asciiWidth: Int? { utf8.count == 1 ? 1 : nil }
}

extension StringProtocol {
  /// The number of columns of the text in one row: the sum over its characters.
  @inlinable public var cellWidth: Int {
    if utf8.allSatisfy(isPrintable) { return utf8.count }
    return reduce(0) { $0 + $1.cellWidth }
  }
}

@inlinable func isPrintable(_ byte: UInt8) -> Bool { byte >= 0x20 && byte < 0x7f }
