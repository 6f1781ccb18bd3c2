import ChatUI
import CommandSupport
import Dispatch
import Platform
import Terminal
import TerminalTypes

/// Prints lines on standard output, and reads lines from standard input. It moves no cursor and sends no control
/// sequence, for screen readers, simple terminals, files and pipes. The modes of a terminal stay as they are, so that it
/// echoes and edits the typed line itself.
///
/// Output is written on a queue of its own: a reader that stops reading delays neither signals nor the connection.
@MainActor
final class LineDisplay: Display {
  let warning: String? = nil
  let terminal: Terminal? = nil
  /// Nothing is drawn.
  let size = Screen.Size(rows: 24, columns: 80)

  private let reader = LineReader()
  private var lines = TypedLines()
  /// Lines that are read and not yet delivered.
  private var waiting: ArraySlice<TypedLines.Item> = []
  private var input = InputState.idle
  private var isClosed = false
  private var signals: [any DispatchSourceSignal] = []
  private var handler: @MainActor (DisplayEvent) -> Void = { _ in }
  private var takesLine: @MainActor () -> Bool = { true }
  private var batchEnded: @MainActor () -> Void = {}
  private let output = DispatchQueue(label: "swiftchat.output")
  private let isTerminal = isatty(STDOUT_FILENO) == 1
  private var hasFailed = false

  private enum InputState {
    case idle
    /// The reader has been asked for more.
    case reading
    /// The lines that are read are the last ones.
    case ended
    /// The handler knows the end.
    case reported
  }

  /// The time for output that is not yet written when the client ends.
  private static let patience = DispatchTimeInterval.seconds(10)

  func begin(
    _ handler: @escaping @MainActor (DisplayEvent) -> Void, takesLine: @escaping @MainActor () -> Bool,
    batchEnded: @escaping @MainActor () -> Void
  ) {
    (self.handler, self.takesLine, self.batchEnded) = (handler, takesLine, batchEnded)
    watchSignals()
    OutputWatch.start { [weak self] in
      DispatchQueue.main.async { MainActor.assumeIsolated { self?.fail(nil) } }
    }
    reader.start { [weak self] input in self?.take(input) }
    proceed()
  }

  // MARK: Input

  private func take(_ input: LineReader.Input) {
    switch input {
    case .bytes(let bytes):
      waiting += lines.append(bytes)
      self.input = .idle
    case .ended:
      if let last = lines.finish() { waiting.append(last) }
      self.input = .ended
    }
    proceed()
  }

  /// Delivers lines as long as the client takes them, and then reads on.
  private func proceed() {
    guard !isClosed else { return }
    var hasDelivered = false
    while !isClosed, takesLine(), let item = waiting.popFirst() {
      hasDelivered = true
      switch item {
      case .line(let text): handler(.line(text))
      case .unreadable(let reason): handler(.unreadableLine(reason: reason))
      }
    }
    if hasDelivered { batchEnded() }
    guard !isClosed, waiting.isEmpty else { return }
    switch input {
    case .idle:
      input = .reading
      reader.proceed()
    case .ended:
      input = .reported
      handler(.inputEnded)
    case .reading, .reported: break
    }
  }

  private func watchSignals() {
    for number in [SIGINT, SIGTERM, SIGHUP] {
      let former = signal(number, SIG_IGN)
      // A signal that was ignored at the start stays so, as `nohup` wants.
      guard unsafeBitCast(former, to: Int.self) != unsafeBitCast(SIG_IGN, to: Int.self) else { continue }
      let source = DispatchSource.makeSignalSource(signal: number, queue: .main)
      source.setEventHandler { [weak self] in
        MainActor.assumeIsolated { self?.handler(.terminal(.terminated(signal: number))) }
      }
      source.resume()
      signals.append(source)
    }
  }

  // MARK: Output

  func show(_ interface: inout Interface) -> MouseTargets {
    let lines = interface.takeLines()
    if !lines.isEmpty { write(lines.joined(separator: "\n") + "\n") }
    // Lines may have become acceptable.
    if !waiting.isEmpty {
      DispatchQueue.main.async { [weak self] in MainActor.assumeIsolated { self?.proceed() } }
    }
    return MouseTargets()
  }

  func afterShowing(_ body: @escaping @MainActor @Sendable () -> Void) {
    output.async { DispatchQueue.main.async { MainActor.assumeIsolated(body) } }
  }

  private func write(_ text: String) {
    guard !hasFailed else { return }
    output.async { [weak self] in
      do throws(WriteError) {
        try writeAll(text.utf8, to: STDOUT_FILENO)
      } catch {
        let reason = error.isBrokenPipe ? nil : error.reason
        DispatchQueue.main.async { MainActor.assumeIsolated { self?.fail(reason) } }
      }
    }
  }

  private func fail(_ reason: String?) {
    guard !hasFailed else { return }
    hasFailed = true
    handler(.outputFailed(reason: reason))
  }

  func bell() { if isTerminal { write("\u{7}") } }
  func copy(_ text: String) {}
  func notify(_ sequence: NotificationSequence, title: String, text: String) {}
  func redraw() {}
  func suspend() {}

  func close() {
    isClosed = true
    let written = DispatchSemaphore(value: 0)
    output.async { written.signal() }
    _ = written.wait(timeout: .now() + Self.patience)
    for source in signals { source.cancel() }
  }
}
