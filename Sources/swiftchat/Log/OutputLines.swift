#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Lines on their way to a file or a pipe, many to a write.
struct OutputLines {
  private let descriptor: Int32
  private var bytes: [UInt8] = []

  private static let capacity = 64 * 1024

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// - Returns: false where nobody reads any more.
  mutating func append(_ line: String) throws -> Bool {
    bytes += line.utf8
    bytes.append(UInt8(ascii: "\n"))
    return bytes.count < Self.capacity ? true : try flush()
  }

  /// - Returns: false where nobody reads any more.
  /// - Throws: `Failure` where the rest cannot be written.
  @discardableResult
  mutating func flush() throws -> Bool {
    defer { bytes.removeAll(keepingCapacity: true) }
    return try bytes.withUnsafeBytes { bytes in
      var rest = bytes
      while !rest.isEmpty {
        let written = write(descriptor, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        if written < 0, errno == EPIPE { return false }
        guard written > 0 else { throw Failure("cannot write: \(String(cString: strerror(errno)))") }
        rest = UnsafeRawBufferPointer(rebasing: rest[written...])
      }
      return true
    }
  }
}
