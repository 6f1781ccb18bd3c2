import TerminalTypes

/// The areas of the screen.
struct Layout: Hashable {
  /// Rows and columns of a rectangle.
  struct Area: Hashable {
    var row: Int
    var column: Int
    var rows: Int
    var columns: Int
  }

  let tabBar: Area
  /// The room's topic; nil if there is none, or no space for it.
  let topic: Area?
  let pane: Area
  /// Nil if hidden, or if there is no space for it.
  let sidebar: Area?
  let status: Area
  let input: Area

  /// The minimum number of columns for a sidebar.
  static let sidebarFrom = 60
  static let smallestRows = 4
  static let smallestColumns = 20

  /// The minimum number of rows for a topic line.
  static let topicFrom = 16

  static func hasSidebar(_ size: Screen.Size, isShown: Bool) -> Bool { isShown && size.columns >= sidebarFrom }

  /// - Parameter inputRows: the requested height of the input, which gets at most a quarter of the screen.
  init(_ size: Screen.Size, inputRows: Int, showsSidebar: Bool, hasTopic: Bool = false) {
    let inputHeight = min(max(inputRows, 1), max(size.rows / 4, 1), 8)
    let top = hasTopic && size.rows >= Self.topicFrom ? 2 : 1
    let paneRows = max(size.rows - 1 - top - inputHeight, 1)
    let hasSidebar = Self.hasSidebar(size, isShown: showsSidebar)
    // On a narrow screen the conversation gets more space.
    let sidebarColumns = size.columns >= 100 ? 20 : 16
    let paneColumns = hasSidebar ? size.columns - sidebarColumns : size.columns
    tabBar = Area(row: 0, column: 0, rows: 1, columns: size.columns)
    topic = top > 1 ? Area(row: 1, column: 0, rows: 1, columns: size.columns) : nil
    // One blank column before the sidebar's line.
    pane = Area(row: top, column: 0, rows: paneRows, columns: hasSidebar ? paneColumns - 1 : paneColumns)
    sidebar =
      hasSidebar
      ? Area(row: top, column: paneColumns, rows: paneRows, columns: sidebarColumns) : nil
    status = Area(row: top + paneRows, column: 0, rows: 1, columns: size.columns)
    input = Area(row: top + 1 + paneRows, column: 0, rows: inputHeight, columns: size.columns)
  }

  /// The prompt of the input.
  static let prompt = "› "
}
