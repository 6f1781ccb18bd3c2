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
  private let descriptor: Int32
  private let patience: DispatchTimeInterval
  private let isTerminal: Bool
  private var hasFailed = false
  /// Lines are being delivered: what is printed now is their output.
  private var isDelivering = false
  /// Bytes of output of delivered lines that are not written yet.
  private var unwritten = 0

  private enum InputState {
    case idle
    /// The reader has been asked for more.
    case reading
    /// The lines that are read are the last ones.
    case ended
    /// The handler knows the end.
    case reported
  }

  /// The limit for unwritten output of delivered lines. Some commands print much and wait for no server.
  private static let maximumUnwritten = 512 << 10
  /// The number of lines whose output is shown together.
  private static let batch = 32

  /// - Parameters:
  ///   - descriptor: the output.
  ///   - patience: the time for output that is not yet written when a signal ends the client.
  init(output descriptor: Int32 = STDOUT_FILENO, patience: DispatchTimeInterval = .seconds(3)) {
    self.descriptor = descriptor
    self.patience = patience
    isTerminal = isatty(descriptor) == 1
  }

  func begin(
    _ handler: @escaping @MainActor (DisplayEvent) -> Void, takesLine: @escaping @MainActor () -> Bool,
    batchEnded: @escaping @MainActor () -> Void
  ) {
    listen(handler, takesLine: takesLine, batchEnded: batchEnded)
    watchSignals()
    OutputWatch.start { [weak self] in
      DispatchQueue.main.async { MainActor.assumeIsolated { self?.fail(nil) } }
    }
    reader.start { [weak self] input in self?.take(input) }
    proceed()
  }

  // MARK: Input

  /// Sets the recipient of the lines, without reading any.
  func listen(
    _ handler: @escaping @MainActor (DisplayEvent) -> Void, takesLine: @escaping @MainActor () -> Bool,
    batchEnded: @escaping @MainActor () -> Void
  ) { (self.handler, self.takesLine, self.batchEnded) = (handler, takesLine, batchEnded) }

  func take(_ input: LineReader.Input) {
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

  /// Delivers lines as long as the client takes them and their output is read, and then reads on.
  private func proceed() {
    guard !isClosed else { return }
    isDelivering = true
    var delivered = 0
    while !isClosed, unwritten < Self.maximumUnwritten, takesLine(), let item = waiting.popFirst() {
      switch item {
      case .line(let text): handler(.line(text))
      case .unreadable(let reason): handler(.unreadableLine(reason: reason))
      }
      delivered += 1
      if delivered.isMultiple(of: Self.batch) { batchEnded() }
    }
    if !delivered.isMultiple(of: Self.batch) { batchEnded() }
    isDelivering = false
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

  /// Prints the text when the reader has taken everything before it.
  func write(_ text: String) {
    guard !hasFailed else { return }
    let count = isDelivering ? text.utf8.count : 0
    unwritten += count
    output.async { [weak self, descriptor] in
      let failure: WriteError?
      do throws(WriteError) {
        try writeAll(text.utf8, to: descriptor)
        failure = nil
      } catch {
        failure = error
      }
      guard count > 0 || failure != nil else { return }
      DispatchQueue.main.async { MainActor.assumeIsolated { self?.noteWritten(count, failure) } }
    }
  }

  private func noteWritten(_ count: Int, _ failure: WriteError?) {
    unwritten -= count
    if let failure { return fail(failure.isBrokenPipe ? nil : failure.reason) }
    // Lines may have waited for this.
    if !waiting.isEmpty { proceed() }
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

  func close() -> Bool {
    isClosed = true
    let written = DispatchSemaphore(value: 0)
    output.async { written.signal() }
    let outcome = written.wait(timeout: .now() + patience)
    for source in signals { source.cancel() }
    return outcome == .success
  }
}
