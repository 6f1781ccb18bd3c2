import GRDB
import GRDBSQLite

/// A statement that its connection keeps prepared, used through SQLite's C interface: an insert takes a third of the
/// time, and a text may contain any character, including U+0000.
///
/// Use only on the connection's queue. The statement must be reset before reuse; `run`, `first` and `forEach` do that.
struct PreparedStatement {
  private let statement: Statement
  private let connection: SQLiteConnection
  private var pointer: SQLiteStatement { statement.sqliteStatement }

  /// - Throws: `DatabaseError`, like all methods of this type.
  init(_ sql: String, in database: Database) throws {
    statement = try database.cachedStatement(sql: sql)
    guard let connection = database.sqliteConnection else { throw DatabaseError(resultCode: .SQLITE_MISUSE) }
    self.connection = connection
  }

  // MARK: Parameters, numbered from 1

  func bind(_ number: Int?, at index: Int32) {
    if let number {
      sqlite3_bind_int64(pointer, index, Int64(number))
    } else {
      sqlite3_bind_null(pointer, index)
    }
  }

  func bind(_ number: Int64?, at index: Int32) {
    if let number {
      sqlite3_bind_int64(pointer, index, number)
    } else {
      sqlite3_bind_null(pointer, index)
    }
  }

  func bind(_ text: String?, at index: Int32) {
    guard var text else {
      sqlite3_bind_null(pointer, index)
      return
    }
    text.withUTF8 { bind(UnsafeRawBufferPointer($0), at: index) }
  }

  func bind(blob bytes: [UInt8], at index: Int32) {
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    bytes.withUnsafeBytes { bytes in
      // A null address would mean NULL.
      _ =
        bytes.isEmpty
        ? sqlite3_bind_zeroblob(pointer, index, 0)
        : sqlite3_bind_blob64(pointer, index, bytes.baseAddress, UInt64(bytes.count), transient)
    }
  }

  func bind(utf8 bytes: [UInt8], at index: Int32) { bytes.withUnsafeBytes { bind($0, at: index) } }

  /// Binds a copy of the bytes. Text beyond SQLite's limit makes the step fail.
  private func bind(_ bytes: UnsafeRawBufferPointer, at index: Int32) {
    let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    // A null address would mean NULL.
    guard let address = bytes.baseAddress, !bytes.isEmpty else {
      sqlite3_bind_text(pointer, index, "", 0, transient)
      return
    }
    sqlite3_bind_text64(
      pointer, index, address.assumingMemoryBound(to: CChar.self), UInt64(bytes.count), transient, UInt8(SQLITE_UTF8))
  }

  // MARK: Running

  /// - Returns: whether there is a row.
  func step() throws -> Bool {
    switch sqlite3_step(pointer) {
    case SQLITE_ROW: return true
    case SQLITE_DONE: return false
    default:
      throw DatabaseError(
        resultCode: ResultCode(rawValue: sqlite3_extended_errcode(connection)),
        message: String(cString: sqlite3_errmsg(connection)))
    }
  }

  func reset() { sqlite3_reset(pointer) }

  func run() throws {
    defer { reset() }
    while try step() {}
  }

  /// Reads the first row, if any.
  func first<Value>(_ read: (Row) throws -> Value) throws -> Value? {
    defer { reset() }
    return try step() ? try read(Row(pointer: pointer)) : nil
  }

  /// - Parameter body: returns whether to continue.
  func forEach(_ body: (Row) throws -> Bool) throws {
    defer { reset() }
    while try step() {
      guard try body(Row(pointer: pointer)) else { return }
    }
  }

  /// Columns of the current row, numbered from 0.
  struct Row: LogRow {
    fileprivate let pointer: SQLiteStatement

    func isNull(_ column: Int) -> Bool { sqlite3_column_type(pointer, Int32(column)) == SQLITE_NULL }

    func int64(_ column: Int) -> Int64 { sqlite3_column_int64(pointer, Int32(column)) }

    func text(_ column: Int) -> String {
      guard let bytes = sqlite3_column_text(pointer, Int32(column)) else { return "" }
      return String(decoding: UnsafeBufferPointer(start: bytes, count: byteCount(column)), as: UTF8.self)
    }

    /// Passes the text without copying; the buffer is valid only during the body.
    func withBytes(_ column: Int, _ body: (UnsafeBufferPointer<UInt8>) -> Void) {
      let bytes = sqlite3_column_text(pointer, Int32(column))
      body(UnsafeBufferPointer(start: bytes, count: bytes == nil ? 0 : byteCount(column)))
    }

    func blob(_ column: Int) -> [UInt8] {
      guard let bytes = sqlite3_column_blob(pointer, Int32(column)) else { return [] }
      return Array(UnsafeRawBufferPointer(start: bytes, count: byteCount(column)))
    }

    private func byteCount(_ column: Int) -> Int { Int(sqlite3_column_bytes(pointer, Int32(column))) }
  }
}
