import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The end of standard input: with it whoever holds the other end is gone, however that process ended.
enum InputEnd {
  /// - Parameter ended: called once, on a queue of its own. What comes before the end is thrown away.
  static func watch(_ ended: @escaping @Sendable () -> Void) {
    DispatchQueue(label: "swiftchat.input-end").async {
      var bytes = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(STDIN_FILENO, &bytes, bytes.count)
        guard count > 0 || (count < 0 && errno == EINTR) else { return ended() }
      }
    }
  }
}
