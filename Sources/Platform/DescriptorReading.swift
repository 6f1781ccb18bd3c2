/// Why a file cannot be read to its end.
package enum ReadError: Error {
  /// The system's error number.
  case system(Int32)
  /// The file has more bytes than allowed.
  case tooLarge
}

/// Reads a descriptor to its end.
/// - Parameter maximumBytes: a larger file is refused after reading that much.
package func readAll(from descriptor: Int32, maximumBytes: Int) throws(ReadError) -> [UInt8] {
  var bytes: [UInt8] = []
  var chunk = [UInt8](repeating: 0, count: 16 << 10)
  while bytes.count <= maximumBytes {
    let count = chunk.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
    if count < 0, errno == EINTR { continue }
    guard count >= 0 else { throw .system(errno) }
    if count == 0 { return bytes }
    bytes += chunk[..<count]
  }
  throw .tooLarge
}

/// The `read` of the C library, under a name that no method shadows.
package func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
  read(descriptor, buffer, count)
}
