import Platform

/// Buffered output of lines to a file or a pipe.
package struct OutputLines {
  private let descriptor: Int32
  private var bytes: [UInt8] = []

  private static let capacity = 64 * 1024

  package init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// - Returns: false if the reader has closed the pipe.
  package mutating func append(_ line: String) throws -> Bool {
    bytes += line.utf8
    bytes.append(UInt8(ascii: "\n"))
    return bytes.count < Self.capacity ? true : try flush()
  }

  /// - Returns: false if the reader has closed the pipe.
  /// - Throws: `Failure` if the rest cannot be written.
  @discardableResult
  package mutating func flush() throws -> Bool {
    defer { bytes.removeAll(keepingCapacity: true) }
    do {
      try writeAll(bytes, to: descriptor)
      return true
    } catch {
      if error.isBrokenPipe { return false }
      throw Failure("cannot write: \(error.reason)")
    }
  }
}
