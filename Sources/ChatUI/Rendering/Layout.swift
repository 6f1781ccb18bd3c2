import TerminalTypes

/// The areas of the screen.
struct Layout: Hashable {
  /// Rows and columns of a rectangle.
  struct Area: Hashable, Sendable, Codable {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int
  }

  let tabBar: Area
  /// The line of the room's topic and the number of people; nil if the tab bar has them, because space is scarce.
  let heading: Area?
  let pane: Area
  /// The list of users beside the pane; nil if it is hidden, or there is no space for it.
  let sidebar: Area?
  let status: Area
  let input: Area

  static let smallestRows = 4
  static let smallestColumns = 20

  /// Whether there is space for a list beside the pane, and for a heading.
  static func isWide(_ size: Screen.Size) -> Bool { size.columns >= 100 }

  /// The minimum number of rows for a heading.
  private static let headingFrom = 16

  /// - Parameter inputRows: the requested height of the input, which gets at most a quarter of the screen.
  init(_ size: Screen.Size, inputRows: Int, showsSidebar: Bool) {
    let isWide = Self.isWide(size)
    let inputHeight = min(max(inputRows, 1), max(size.rows / 4, 1), 8)
    let top = isWide && size.rows >= Self.headingFrom ? 2 : 1
    let paneRows = max(size.rows - 1 - top - inputHeight, 1)
    let sidebarColumns = isWide && showsSidebar ? Self.sidebarColumns(size) : 0
    tabBar = Area(row: 0, column: 0, rows: 1, columns: size.columns)
    heading = top > 1 ? Area(row: 1, column: 0, rows: 1, columns: size.columns) : nil
    // Two blank columns before the list.
    let paneColumns = sidebarColumns > 0 ? size.columns - sidebarColumns - 2 : size.columns
    pane = Area(row: top, column: 0, rows: paneRows, columns: paneColumns)
    sidebar =
      sidebarColumns > 0
      ? Area(row: top, column: size.columns - sidebarColumns, rows: paneRows, columns: sidebarColumns - 1) : nil
    status = Area(row: top + paneRows, column: 0, rows: 1, columns: size.columns)
    input = Area(row: top + 1 + paneRows, column: 0, rows: inputHeight, columns: size.columns)
  }

  /// With a blank column at the edge.
  private static func sidebarColumns(_ size: Screen.Size) -> Int { size.columns >= 140 ? 24 : 20 }

  /// The list of users laid over the pane, with a blank column at both sides.
  var sidebarAbove: Area {
    let columns = min(26, tabBar.columns)
    return Area(row: pane.row, column: tabBar.columns - columns, rows: pane.rows, columns: columns)
  }

  /// The end of every prompt of the input.
  static let promptEnd = "› "
}
