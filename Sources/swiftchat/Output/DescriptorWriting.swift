#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Why not all of a text was written: an `errno`.
struct WriteError: Error, Equatable {
  let number: Int32

  /// Nobody reads at the other end any more.
  var isBrokenPipe: Bool { number == EPIPE }
  var reason: String { String(cString: strerror(number)) }
}

/// Writes all of it. Everything that this program writes to a stream goes through here.
/// - Parameter waits: also where the stream is set not to block; otherwise that is an error.
func writeAll(_ bytes: some Sequence<UInt8>, to descriptor: Int32, waits: Bool = true) throws(WriteError) {
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
    // Another program has set the stream, which it shares with this one, not to block.
    case EAGAIN where waits: waitUntilWritable(descriptor)
    default: throw WriteError(number: count == 0 ? EIO : number)
    }
  }
}

private func waitUntilWritable(_ descriptor: Int32) {
  var watched = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
  _ = poll(&watched, 1, -1)
}
