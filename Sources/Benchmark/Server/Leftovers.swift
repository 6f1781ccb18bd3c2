import CommandSupport
import Dispatch
import Platform
import Synchronization

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Cleans up resources that must not outlive this process, however it ends: child processes and temporary folders.
enum Leftovers {
  private struct State: Sendable {
    var processes: Set<pid_t> = []
    var folders: Set<String> = []
  }

  private static let state = Mutex(State())

  /// The pipe to which the signal handler writes a signal's number.
  private static let signalPipe = Atomic<Int32>(-1)

  /// Removes everything and ends the process when one of these signals arrives. A signal that was ignored at the start
  /// of the program stays ignored, as nohup(1) requires.
  ///
  /// The handlers are installed when this method returns. A dispatch source would be installed later, and a signal
  /// before that would end the process at once.
  private static func watchSignals() throws {
    var ends: [Int32] = [0, 0]
    guard pipe(&ends) == 0 else { throw Failure("cannot make a pipe: \(String(cString: strerror(errno)))") }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    signalPipe.store(ends[1], ordering: .sequentiallyConsistent)
    let reading = ends[0]
    DispatchQueue(label: "swiftchat.bench.signals").async {
      var number: UInt8 = 0
      while read(reading, &number, 1) != 1 { guard errno == EINTR else { return } }
      removeAndEnd(by: Int32(number))
    }
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let earlier = signal(number) { number in
        var byte = UInt8(truncatingIfNeeded: number)
        _ = write(Leftovers.signalPipe.load(ordering: .sequentiallyConsistent), &byte, 1)
      }
      // SIG_IGN is 1 on every system, and function pointers cannot be compared.
      if unsafeBitCast(earlier, to: Int.self) == 1 { signal(number, SIG_IGN) }
    }
  }

  private static func removeAndEnd(by number: Int32) {
    // Held until the process ends, so that no further process is started.
    state.withLock { state in
      remove(&state)
      // A shell reports 128 plus the number for a program that a signal ended.
      _exit(128 + number)
    }
  }

  /// Runs the body, and removes its leftovers afterwards.
  static func removed<Result>(after body: () throws -> Result) throws -> Result {
    try watchSignals()
    defer { state.withLock { remove(&$0) } }
    return try body()
  }

  /// - Parameter start: starts a process and returns its id; runs under the lock, so that no process is missed.
  static func remember(processBy start: () throws -> pid_t) rethrows -> pid_t {
    try state.withLock { state in
      let process = try start()
      state.processes.insert(process)
      return process
    }
  }

  /// Kills the process if it is still running.
  /// - Returns: whether the process was still running.
  @discardableResult
  static func end(_ process: pid_t) -> Bool {
    state.withLock { state in
      guard state.processes.remove(process) != nil else { return false }
      return reap(process)
    }
  }

  /// Creates a temporary folder that only this user can access.
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
    // The process has nothing to save, and might ignore SIGTERM.
    kill(process, SIGKILL)
    repeat { reaped = waitpid(process, &status, 0) } while reaped == -1 && errno == EINTR
    return true
  }
}
