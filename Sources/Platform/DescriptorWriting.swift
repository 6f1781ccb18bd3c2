/// An error while writing, as an `errno`.
package struct WriteError: Error, Equatable {
  package let number: Int32

  package init(number: Int32) { self.number = number }

  /// Whether the reader has closed the other end.
  package var isBrokenPipe: Bool { number == EPIPE }
  package var reason: String { String(cString: strerror(number)) }
}

/// Writes all bytes. All output of this program to streams goes through this function.
/// - Parameter waits: whether to wait if the stream is non-blocking; otherwise a full stream is an error.
package func writeAll(_ bytes: some Sequence<UInt8>, to descriptor: Int32, waits: Bool = true) throws(WriteError) {
  var rest = ArraySlice(bytes)
  while !rest.isEmpty {
    let count = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
    if count > 0 {
      rest = rest.dropFirst(count)
      continue
    }
    let number = errno
    switch number {
    case EINTR: continue
    // Another program that shares the stream has made it non-blocking.
    case EAGAIN where waits: waitUntilWritable(descriptor)
    default: throw WriteError(number: count == 0 ? EIO : number)
    }
  }
}

private func waitUntilWritable(_ descriptor: Int32) {
  var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  _ = poll(&watched, 1, -1)
}
