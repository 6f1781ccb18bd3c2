import ChatProtocol
import Platform

/// Reads from a pipe or a terminal with a deadline.
struct DescriptorReader {
  private let descriptor: Int32

  /// - Parameter descriptor: owned by the caller.
  init(_ descriptor: Int32) { self.descriptor = descriptor }

  enum DescriptorRead {
    case bytes(ArraySlice<UInt8>)
    case late
    case ended
  }

  /// Waits for the next bytes; with a deadline in the past, returns only bytes that are available.
  func next(until deadline: MonotonicTime) -> DescriptorRead {
    while true {
      let rest = max((deadline - .now()).nanoseconds, 0)
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let ready = poll(&request, 1, Int32(clamping: (rest + 999_999) / 1_000_000))
      if ready < 0, errno == EINTR { continue }
      guard ready >= 0 else { return .ended }
      guard ready > 0 else {
        if rest == 0 { return .late }
        continue
      }
      var bytes = [UInt8](repeating: 0, count: 65536)
      let count = read(descriptor, &bytes, bytes.count)
      if count < 0, errno == EINTR { continue }
      return count > 0 ? .bytes(bytes[..<count]) : .ended
    }
  }
}
