import ChatModel
import CommandSupport
import Foundation
import Platform

/// The output of a command for scripts.
protocol ScriptOutput {
  /// Prints a line, at once.
  /// - Returns: false if the reader has closed the pipe.
  /// - Throws: `Failure` if the line cannot be written.
  func print(_ line: ScriptLine) throws -> Bool
  /// Printing of a conversation begins after this position.
  func reach(_ position: TailPosition) throws
  /// The session's memory may have changed.
  func note(_ memory: ClientMemory) throws
  func finish() throws
}

/// Standard output.
struct PlainScriptOutput: ScriptOutput {
  func print(_ line: ScriptLine) throws -> Bool {
    var lines = OutputLines(STDOUT_FILENO)
    guard try lines.append(line.text) else { return false }
    return try lines.flush()
  }

  func reach(_ position: TailPosition) {}
  func note(_ memory: ClientMemory) {}
  func finish() {}
}

enum OutputWatch {
  /// Calls `closed` when the reader of standard output closes the pipe. The thread lasts as long as the process.
  static func start(_ closed: @escaping @Sendable () -> Void) {
    Thread.detachNewThread {
      var watched = pollfd(fd: STDOUT_FILENO, events: 0, revents: 0)
      while poll(&watched, 1, -1) < 0, errno == EINTR {}
      // A file or a terminal never reports this. With an invalid descriptor, printing the first line fails.
      if watched.revents & Int16(POLLERR) != 0 { closed() }
    }
  }
}
