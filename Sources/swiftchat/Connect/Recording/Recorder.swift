import ChatProtocol
import ChatUI
import CommandSupport
import Dispatch
import Platform
import Synchronization

/// Writes a recording while the client runs. If the file cannot be written, or is full, the recording ends and the
/// client continues.
@MainActor
final class Recorder {
  private let path: String
  private let output: RecordingOutput
  private var blanking: Blanking?
  private var bytes = 0
  /// The reason why the recording ended early.
  private var failure: Failure?
  private let ended: @MainActor (Failure) -> Void

  /// Creates the file, which only its owner can read.
  /// - Parameters:
  ///   - blanking: replaces the letters of all texts; nil keeps them.
  ///   - ended: called if the recording ends early, unless `close` was called before.
  /// - Throws: `Failure` if the file exists or cannot be created.
  convenience init(
    _ path: String, blanking: Blanking?, ended: @escaping @MainActor (Failure) -> Void = { _ in }
  ) throws(Failure) {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = errno == EEXIST ? "it exists already" : String(cString: strerror(errno))
      throw Failure("cannot record to \(path): \(reason)")
    }
    self.init(path, descriptor: descriptor, blanking: blanking, ended: ended)
  }

  /// - Parameter descriptor: of the file at the path; `close` closes it.
  init(_ path: String, descriptor: Int32, blanking: Blanking?, ended: @escaping @MainActor (Failure) -> Void) {
    (self.path, self.blanking, self.ended) = (path, blanking, ended)
    output = RecordingOutput(descriptor)
  }

  func record(_ start: Recording.Start) { write(start) }
  func record(_ step: Recording.Step) { write(step) }

  private func write(_ value: some Encodable) {
    guard failure == nil else { return }
    guard let line = try? blanking?.blank(value) ?? RecordingFile.line(value) else {
      return end("an event cannot be recorded")
    }
    bytes += line.count + 1
    guard bytes <= RecordingFile.maximumBytes else { return end("it has \(RecordingFile.maximumBytes >> 20) MiB") }
    output.write(line + [UInt8(ascii: "\n")]) { [weak self] error in
      DispatchQueue.main.async { MainActor.assumeIsolated { self?.end("it cannot be written: \(error.reason)") } }
    }
  }

  private func end(_ reason: String) {
    guard failure == nil else { return }
    let failure = failure(reason)
    self.failure = failure
    ended(failure)
  }

  private func failure(_ reason: String) -> Failure { Failure("the recording \(path) ends early: \(reason)") }

  /// Returns when everything is written.
  /// - Throws: `Failure` if the recording ended early, also if `ended` was called for that.
  func close() throws(Failure) {
    if let error = output.close(), failure == nil { failure = failure("it cannot be written: \(error.reason)") }
    if let failure { throw failure }
    // Nothing can be recorded any more.
    failure = failure("it is closed")
  }
}

/// The file of a recording. Lines are written on a queue of its own, up to the first failure.
private final class RecordingOutput: Sendable {
  private let descriptor: Int32
  private let queue = DispatchQueue(label: "swiftchat.recording")
  private let failure = Mutex<WriteError?>(nil)

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// - Parameter failed: called on the queue, for the first failure only.
  func write(_ bytes: [UInt8], failed: @escaping @Sendable (WriteError) -> Void) {
    queue.async { [self] in
      // A line after one that was cut would not be a step of the recording.
      guard failure.withLock({ $0 }) == nil else { return }
      do throws(WriteError) {
        try writeAll(bytes, to: descriptor)
      } catch {
        failure.withLock { $0 = error }
        failed(error)
      }
    }
  }

  /// Returns when everything is written.
  /// - Returns: the first failure; nil if there was none.
  func close() -> WriteError? {
    queue.sync {
      // Some file systems report a full disk only here.
      let error = Platform.close(descriptor) == 0 || errno == EINTR ? nil : WriteError(number: errno)
      return failure.withLock { $0 } ?? error
    }
  }
}
