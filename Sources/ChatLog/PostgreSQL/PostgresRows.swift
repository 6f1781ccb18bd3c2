import CPostgres

/// The rows of a result in binary format. Rows and columns are numbered from 0.
final class PostgresRows {
  private let result: OpaquePointer
  let count: Int

  /// Takes ownership of the result.
  init(_ result: OpaquePointer) {
    self.result = result
    count = Int(cpq_row_count(result))
  }

  deinit { cpq_clear(result) }

  /// The number of rows that the statement has changed.
  var changed: Int { cpq_changed_rows(result).flatMap { Int(String(cString: $0)) } ?? 0 }

  /// - Returns: what the body returns for each row.
  func map<Value, Failure: Error>(_ body: (Row) throws(Failure) -> Value) throws(Failure) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    for row in 0..<count { values.append(try body(Row(rows: self, row: row))) }
    return values
  }

  var first: Row? { count > 0 ? Row(rows: self, row: 0) : nil }

  subscript(row: Int) -> Row { Row(rows: self, row: row) }

  struct Row: LogRow {
    fileprivate let rows: PostgresRows
    fileprivate let row: Int

    func isNull(_ column: Int) -> Bool { cpq_is_null(rows.result, Int32(row), Int32(column)) != 0 }

    func int64(_ column: Int) -> Int64 {
      withBytes(column) { bytes in
        switch bytes.count {
        case 8: Int64(bigEndian: bytes.loadUnaligned(as: Int64.self))
        case 4: Int64(Int32(bigEndian: bytes.loadUnaligned(as: Int32.self)))
        case 2: Int64(Int16(bigEndian: bytes.loadUnaligned(as: Int16.self)))
        case 1: Int64(bytes[0])
        default: 0
        }
      }
    }

    func bool(_ column: Int) -> Bool { int64(column) != 0 }

    func text(_ column: Int) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    func bytes(_ column: Int) -> [UInt8] { withBytes(column) { Array($0) } }

    /// The elements of an array of `bigint` without NULL.
    func ints(_ column: Int) -> [Int] {
      withBytes(column) { bytes in
        guard bytes.count >= 20 else { return [] }
        // The header of one dimension, and then each element with its length.
        return stride(from: 20, to: bytes.count - 11, by: 12).map { place in
          Int(Int64(bigEndian: bytes.loadUnaligned(fromByteOffset: place + 4, as: Int64.self)))
        }
      }
    }

    private func withBytes<Value>(_ column: Int, _ body: (UnsafeRawBufferPointer) -> Value) -> Value {
      let length = Int(cpq_length(rows.result, Int32(row), Int32(column)))
      return withExtendedLifetime(rows) {
        body(UnsafeRawBufferPointer(start: cpq_value(rows.result, Int32(row), Int32(column)), count: max(length, 0)))
      }
    }
  }
}

@available(*, unavailable)
extension PostgresRows: Sendable {}
