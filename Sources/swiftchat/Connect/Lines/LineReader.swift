import Foundation
import Platform

/// Reads standard input on a thread of its own, because any kind of file may be there, and reading may block.
final class LineReader: Sendable {
  enum Input: Sendable {
    case bytes([UInt8])
    case ended
  }

  /// Signalled for each further read.
  private let wanted = DispatchSemaphore(value: 0)

  /// Delivers the input piece by piece on the main actor. The thread lasts as long as the process.
  func start(_ deliver: @escaping @MainActor @Sendable (Input) -> Void) {
    Thread.detachNewThread { [wanted] in
      var buffer = [UInt8](repeating: 0, count: 16 << 10)
      while true {
        wanted.wait()
        let input = Self.read(&buffer)
        DispatchQueue.main.async { MainActor.assumeIsolated { deliver(input) } }
        if case .ended = input { return }
      }
    }
  }

  /// Reads the next piece. Call it once the previous one is handled.
  func proceed() { wanted.signal() }

  private static func read(_ buffer: inout [UInt8]) -> Input {
    while true {
      let count = systemRead(STDIN_FILENO, &buffer, buffer.count)
      if count > 0 { return .bytes(Array(buffer[..<count])) }
      guard count < 0, errno == EINTR || errno == EAGAIN else { return .ended }
      // Another program that shares the stream has made it non-blocking.
      var watched = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      if errno == EAGAIN { _ = poll(&watched, 1, -1) }
    }
  }
}
