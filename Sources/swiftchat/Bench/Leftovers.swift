import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What must not outlive this process, however it ends: programs that it started, and temporary folders.
enum Leftovers {
  private struct State: Sendable {
    var processes: Set<pid_t> = []
    var folders: Set<String> = []
  }

  private static let state = Mutex(State())

  /// Removes everything when a signal ends this process, as long as the sources live.
  private static func watchSignals() -> [any DispatchSourceSignal] {
    [SIGINT, SIGTERM, SIGHUP].map { number in
      #if canImport(Darwin)
        // kqueue tells of a signal that is ignored, and otherwise the signal ends the process first.
        signal(number, SIG_IGN)
      #endif
      let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
      source.setEventHandler { removeAndEnd(by: number) }
      source.resume()
      return source
    }
  }

  private static func removeAndEnd(by number: Int32) {
    // Held until the end, so that nothing more is started.
    state.withLock { state in
      remove(&state)
      // 128 and the number is what a shell says of a program that a signal ended.
      _exit(128 + number)
    }
  }

  /// Runs the body, and removes whatever is left of it.
  static func removed<Result>(after body: () throws -> Result) rethrows -> Result {
    let sources = watchSignals()
    defer {
      state.withLock { remove(&$0) }
      for source in sources { source.cancel() }
    }
    return try body()
  }

  /// - Parameter start: starts a process and returns its number; runs while nothing can be forgotten.
  static func remember(processBy start: () throws -> pid_t) rethrows -> pid_t {
    try state.withLock { state in
      let process = try start()
      state.processes.insert(process)
      return process
    }
  }

  /// Ends the process at once, if it has not ended.
  /// - Returns: whether it was running until now.
  @discardableResult
  static func end(_ process: pid_t) -> Bool {
    state.withLock { state in
      guard state.processes.remove(process) != nil else { return false }
      return reap(process)
    }
  }

  /// A new folder for this user alone.
  /// - Throws: `Failure`.
  static func makeFolder() throws -> String {
    try state.withLock { state in
      let parent = environmentValue("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
      var template = Array("\(parent)/swiftchat-bench-XXXXXX".utf8CString)
      guard mkdtemp(&template) != nil else {
        throw Failure("cannot make a folder in \(parent): \(String(cString: strerror(errno)))")
      }
      let path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
      state.folders.insert(path)
      return path
    }
  }

  private static func remove(_ state: inout State) {
    for process in state.processes { reap(process) }
    state.processes = []
    for folder in state.folders { try? FileManager.default.removeItem(atPath: folder) }
    state.folders = []
  }

  @discardableResult
  private static func reap(_ process: pid_t) -> Bool {
    var status: Int32 = 0
    var reaped: pid_t
    repeat { reaped = waitpid(process, &status, WNOHANG) } while reaped == -1 && errno == EINTR
    guard reaped == 0 else { return false }
    // There is nothing in it to be saved, and a polite request could be in vain.
    kill(process, SIGKILL)
    repeat { reaped = waitpid(process, &status, 0) } while reaped == -1 && errno == EINTR
    return true
  }
}
