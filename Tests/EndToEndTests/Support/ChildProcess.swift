import Foundation
import Platform
import Synchronization
import TestSupport

/// A running program. Its output is collected continuously, so that it never waits for a reader, and its end is
/// detected.
///
/// Created by `Workspace.launch`, which also ensures that the process does not outlive the test.
final class ChildProcess: Sendable {
  /// Maximum number of bytes stored per output stream; further output is read and discarded.
  static let outputLimit = 16 << 20

  private struct Stream {
    var bytes: [UInt8] = []
    var isOpen = true
  }

  private final class Record: Sendable {
    let streams = Mutex([Stream(), Stream()])
    let status = Mutex<ExitStatus?>(nil)
    /// This end of the program's standard input; nil once closed.
    let input: Mutex<Descriptor?>

    init(input: Descriptor) {
      self.input = Mutex(input)
    }
  }

  let name: String
  let processID: pid_t
  private let record: Record

  /// Starts `executable`, an absolute path. `whenEnded` is called on a different thread. The process inherits `handed`
  /// as descriptors 3, 4 and so on.
  init(
    executable: String, arguments: [String], environment: [String: String], folder: String, handed: [Descriptor] = [],
    whenEnded: @escaping @Sendable (pid_t) -> Void
  ) throws {
    // A socket instead of a pipe, because it can be written to without the risk of SIGPIPE.
    let (input, inputOfChild) = try Descriptor.socketPair()
    let (output, outputOfChild) = try Descriptor.pipe()
    let (errors, errorsOfChild) = try Descriptor.pipe()
    let process = try Spawn.start(
      executable, arguments: arguments, environment: environment, folder: folder,
      streams: [inputOfChild, outputOfChild, errorsOfChild] + handed)
    let record = Record(input: input)
    Self.collect(output, as: 0, into: record)
    Self.collect(errors, as: 1, into: record)
    Thread.detachNewThread {
      Spawn.waitForEnd(of: process)
      record.status.withLock { $0 = ExitStatus(waitStatus: Spawn.status(of: process)) }
      whenEnded(process)
    }
    self.record = record
    processID = process
    name = ([executable] + arguments).joined(separator: " ")
  }

  /// Standard output so far.
  var output: [UInt8] { record.streams.withLock { $0[0].bytes } }

  /// Standard error so far.
  var errors: [UInt8] { record.streams.withLock { $0[1].bytes } }

  /// Exit status; nil while the process runs.
  var status: ExitStatus? { record.status.withLock { $0 } }

  /// Whether the process has ended and all of its output is collected.
  var isFinished: Bool { status != nil && record.streams.withLock { $0.allSatisfy { !$0.isOpen } } }

  /// A description of the process for failure messages.
  var report: String {
    let state = status.map { "ended: \($0)" } ?? "runs"
    return "\(name) \(state)\n--- standard output\n\(Excerpt(output))\n--- standard error\n\(Excerpt(errors))"
  }

  /// Writes `bytes` to standard input. Throws if the process does not accept all of them within `timeout`.
  func write(_ bytes: some Sequence<UInt8>, timeout: Duration = Patience.limit) async throws {
    var rest = Array(bytes)[...]
    let written: Void? = try await Patience.answer(within: timeout, every: .milliseconds(1)) {
      try record.input.withLock { input in
        guard let descriptor = input?.number else { throw DescriptorError(call: "write", number: EBADF) }
        while !rest.isEmpty, let count = try Descriptor.send(rest, to: descriptor) { rest = rest.dropFirst(count) }
      }
      return rest.isEmpty ? () : nil
    }
    if written == nil { throw DescriptorError(call: "write", number: ETIMEDOUT) }
  }

  /// Writes a short text without waiting, which succeeds for a program that reads; does nothing if the process has
  /// ended.
  func writeAtOnce(_ text: String) {
    record.input.withLock { input in
      if let descriptor = input?.number { _ = try? Descriptor.send(Array(text.utf8)[...], to: descriptor) }
    }
  }

  /// Closes standard input.
  func closeInput() {
    record.input.withLock { $0 = nil }
  }

  /// Sends a signal; does nothing if the process has ended.
  func signal(_ number: Int32) {
    record.status.withLock { if $0 == nil { kill(processID, number) } }
  }

  /// Waits until the process has ended and its output is complete; nil after `timeout`.
  func end(within timeout: Duration = Patience.limit) async throws -> ExitStatus? {
    try await Patience.answer(within: timeout) { isFinished ? status : nil }
  }

  private static func collect(_ descriptor: Descriptor, as index: Int, into record: Record) {
    // A dedicated thread, because read(2) blocks until the program writes.
    Thread.detachNewThread {
      while let bytes = descriptor.read() {
        record.streams.withLock { streams in
          streams[index].bytes += bytes.prefix(max(0, outputLimit - streams[index].bytes.count))
        }
      }
      record.streams.withLock { $0[index].isOpen = false }
    }
  }
}
