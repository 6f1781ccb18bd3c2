import Foundation
import Synchronization

/// A running program: its output is collected while it runs, so that it never waits for a reader, and its end
/// is noticed.
///
/// Made by `Workspace.launch`, which also sees to it that it does not outlive the test.
final class ChildProcess: Sendable {
  /// What is kept of each of the two streams; what comes after that is read and forgotten.
  static let outputLimit = 16 << 20

  private struct Stream {
    var bytes: [UInt8] = []
    var isOpen = true
  }

  private final class Record: Sendable {
    let streams = Mutex([Stream(), Stream()])
    let status = Mutex<ExitStatus?>(nil)
    /// This end of the program's standard input, until it is closed.
    let input: Mutex<Descriptor?>

    init(input: Descriptor) {
      self.input = Mutex(input)
    }
  }

  let name: String
  let processID: pid_t
  private let record: Record

  /// Starts `executable`, an absolute path; `whenEnded` is called from another thread. It finds `handed` as its
  /// descriptors 3, 4 and so on.
  init(
    executable: String, arguments: [String], environment: [String: String], folder: String, handed: [Descriptor] = [],
    whenEnded: @escaping @Sendable (pid_t) -> Void
  ) throws {
    // A socket instead of a pipe: it can be written to without the risk of SIGPIPE.
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
      record.status.withLock { $0 = Spawn.status(of: process) }
      whenEnded(process)
    }
    self.record = record
    processID = process
    name = ([executable] + arguments).joined(separator: " ")
  }

  /// What it has written to its standard output so far.
  var output: [UInt8] { record.streams.withLock { $0[0].bytes } }

  /// What it has written to its standard error so far.
  var errors: [UInt8] { record.streams.withLock { $0[1].bytes } }

  /// How it ended; nil while it runs.
  var status: ExitStatus? { record.status.withLock { $0 } }

  /// True when it has ended and everything it wrote is collected.
  var isFinished: Bool { status != nil && record.streams.withLock { $0.allSatisfy { !$0.isOpen } } }

  /// Everything known about it, for the message of a test that fails.
  var report: String {
    let state = status.map { "ended: \($0)" } ?? "runs"
    return "\(name) \(state)\n--- standard output\n\(Excerpt(output))\n--- standard error\n\(Excerpt(errors))"
  }

  /// Writes all of `bytes` to its standard input, or as many as it takes within `timeout`; throws if it takes no
  /// more.
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

  /// Writes a short text that a program which reads always has room for; nothing happens if it has ended.
  func writeAtOnce(_ text: String) {
    record.input.withLock { input in
      if let descriptor = input?.number { _ = try? Descriptor.send(Array(text.utf8)[...], to: descriptor) }
    }
  }

  /// Closes its standard input.
  func closeInput() {
    record.input.withLock { $0 = nil }
  }

  /// Sends it a signal; nothing happens if it has ended.
  func signal(_ number: Int32) {
    record.status.withLock { if $0 == nil { kill(processID, number) } }
  }

  /// Waits until it has ended and its output is complete; nil if that does not happen within `timeout`.
  func end(within timeout: Duration = Patience.limit) async throws -> ExitStatus? {
    try await Patience.answer(within: timeout) { isFinished ? status : nil }
  }

  private static func collect(_ descriptor: Descriptor, as index: Int, into record: Record) {
    // A thread of its own, because it sleeps in read(2) for as long as the program has nothing to say.
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
