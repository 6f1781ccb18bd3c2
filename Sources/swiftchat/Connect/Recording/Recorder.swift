import ChatProtocol
import ChatUI
import CommandSupport
import Dispatch
import Platform

/// Writes a recording while the client runs. If the file cannot be written, or is full, the recording ends and the
/// client continues.
@MainActor
final class Recorder {
  private let path: String
  private let descriptor: Int32
  private var blanking: Blanking?
  private let queue = DispatchQueue(label: "swiftchat.recording")
  private var bytes = 0
  private var hasEnded = false
  private let ended: @MainActor (String) -> Void

  /// Creates the file, which only its owner can read.
  /// - Parameters:
  ///   - blanking: replaces the letters of all texts; nil keeps them.
  ///   - ended: called with a reason if the recording ends early.
  /// - Throws: `Failure` if the file exists or cannot be created.
  init(_ path: String, blanking: Blanking?, ended: @escaping @MainActor (String) -> Void) throws(Failure) {
    descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else {
      let reason = errno == EEXIST ? "it exists already" : String(cString: strerror(errno))
      throw Failure("cannot record to \(path): \(reason)")
    }
    (self.path, self.blanking, self.ended) = (path, blanking, ended)
  }

  func record(_ start: Recording.Start) { write(start) }
  func record(_ step: Recording.Step) { write(step) }

  private func write(_ value: some Encodable) {
    guard !hasEnded else { return }
    guard let line = try? blanking?.blank(value) ?? RecordingFile.line(value) else {
      return end("an event cannot be recorded")
    }
    bytes += line.count + 1
    guard bytes <= RecordingFile.maximumBytes else { return end("it has \(RecordingFile.maximumBytes >> 20) MiB") }
    queue.async { [descriptor, weak self] in
      do throws(WriteError) {
        try writeAll(line + [UInt8(ascii: "\n")], to: descriptor)
      } catch {
        let reason = error.reason
        DispatchQueue.main.async { MainActor.assumeIsolated { self?.end("it cannot be written: \(reason)") } }
      }
    }
  }

  private func end(_ reason: String) {
    guard !hasEnded else { return }
    hasEnded = true
    ended("the recording \(path) ends here: \(reason)")
  }

  /// Returns when everything is written.
  func close() {
    hasEnded = true
    queue.sync {}
    Platform.close(descriptor)
  }
}
