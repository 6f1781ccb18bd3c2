/// A frame for the terminal: rows of cells and the cursor.
public struct Screen: Hashable, Sendable {
  public let size: Size
  /// In row-major order, `size.rows * size.columns` cells.
  @inlinable public var cells: [Cell] { storage }
  @usableFromInline var storage: [Cell]
  /// The links, by row and column. They do not overlap.
  public var links: [Link] = []
  /// At the insertion point, or on the selected item; nil hides the cursor.
  public var cursor: Position?

  public init(size: Size) {
    self.size = size
    storage = Array(repeating: .blank, count: size.rows * size.columns)
  }

  /// Rows and columns, at least one each.
  @frozen public struct Size: Hashable, Sendable {
    public let rows: Int
    public let columns: Int

    /// The limit for both dimensions: the terminal may report any size.
    private static let maximum = 1000

    public init(rows: Int, columns: Int) {
      self.rows = min(max(rows, 1), Self.maximum)
      self.columns = min(max(columns, 1), Self.maximum)
    }
  }

  public struct Position: Hashable, Sendable, Codable {
    public var row: Int
    public var column: Int

    public init(row: Int, column: Int) {
      self.row = row
      self.column = column
    }
  }

  /// A link, or its part in one row, that a terminal with hyperlinks can open.
  public struct Link: Hashable, Sendable {
    public var row: Int
    public var columns: Range<Int>
    /// The whole address, also of a part.
    public var address: String

    public init(row: Int, columns: Range<Int>, address: String) {
      self.row = row
      self.columns = columns
      self.address = address
    }
  }

  /// One column of one row.
  @frozen public struct Cell: Hashable, Sendable {
    /// One grapheme cluster; nil in the second column of a wide one, which belongs to the first.
    public var character: Character?
    public var style: Style

    @inlinable public init(_ character: Character?, _ style: Style = .plain) {
      self.character = character
      self.style = style
    }

    public static let blank = Cell(" ")
  }

  /// Positions outside the screen read as blank; writes to them are ignored.
  @inlinable public subscript(row: Int, column: Int) -> Cell {
    get { contains(row, column) ? storage[row * size.columns + column] : .blank }
    set { if contains(row, column) { storage[row * size.columns + column] = newValue } }
  }

  @inlinable func contains(_ row: Int, _ column: Int) -> Bool {
    row >= 0 && row < size.rows && column >= 0 && column < size.columns
  }
}

extension Screen {
  /// The rows as text, without trailing blanks: the visible text, which tests compare.
  public var rows: [String] {
    (0..<size.rows).map { row in
      var text = ""
      for column in 0..<size.columns {
        if let character = self[row, column].character { text.append(character) }
      }
      while text.last == " " { text.removeLast() }
      return text
    }
  }
}
