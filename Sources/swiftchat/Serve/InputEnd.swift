import Dispatch
import Platform

/// Detects the end of standard input, which means that the process at the other end has ended or was killed.
enum InputEnd {
  /// - Parameter ended: called once, on its own queue. Input before the end is discarded.
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
