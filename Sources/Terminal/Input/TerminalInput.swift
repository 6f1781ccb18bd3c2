import Dispatch
import Platform
import TerminalTypes

/// Reads standard input and signals, and runs the decoder's timer.
///
/// All waiting input is read first, and then delivered at once, in order.
@MainActor
final class TerminalInput {
  enum Occurrence: Hashable {
    case event(TerminalEvent)
    case signal(Int32)
    /// The terminal reported its background colour.
    case background(RGB)
  }

  private let signals: SignalPipe
  private let deliver: @MainActor ([Occurrence]) -> Void
  private var decoder: InputDecoder
  private var buffer = [UInt8](repeating: 0, count: 4096)
  private let input: any DispatchSourceRead
  private let signalled: any DispatchSourceRead
  private let timer: any DispatchSourceTimer
  private var isPaused = false
  private var isCancelled = false

  /// More than a user types at once. A long paste takes several turns, and the screen can be drawn between them.
  private static let readsPerTurn = 16

  init(signals: SignalPipe, deliver: @escaping @MainActor ([Occurrence]) -> Void) {
    self.signals = signals
    self.deliver = deliver
    decoder = InputDecoder(delays: Self.delays, erase: Self.erase)
    input = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
    signalled = DispatchSource.makeReadSource(fileDescriptor: signals.readEnd, queue: .main)
    timer = DispatchSource.makeTimerSource(queue: .main)
    // The sources run on the main queue, which is the main actor's executor.
    input.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readInput() } }
    signalled.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readSignals() } }
    timer.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readInput() } }
    timer.schedule(deadline: .distantFuture)
    input.activate()
    signalled.activate()
    timer.activate()
  }

  /// Stops reading standard input, so that another program can. Signals are still delivered.
  func pause() {
    guard !isPaused, !isCancelled else { return }
    isPaused = true
    input.suspend()
    timer.schedule(deadline: .distantFuture)
  }

  func resume() {
    guard isPaused, !isCancelled else { return }
    isPaused = false
    input.resume()
  }

  /// Stops for good, and closes the read end of the signal pipe.
  func cancel() {
    guard !isCancelled else { return }
    // A suspended source must not be released.
    resume()
    isCancelled = true
    input.cancel()
    // Closed in the cancel handler: before that, the queue might still watch the descriptor after its reuse.
    signalled.setCancelHandler { [signals] in signals.closeReadEnd() }
    signalled.cancel()
    timer.cancel()
  }

  /// Delivers the signal in the next turn of the main queue, as if it had arrived.
  func noteSignal(_ number: Int32) {
    DispatchQueue.main.async { [weak self] in
      MainActor.assumeIsolated {
        guard let self, !self.isCancelled else { return }
        self.deliver([.signal(number)])
      }
    }
  }

  private func readSignals() {
    guard !isCancelled else { return }
    let numbers = signals.read()
    if !numbers.isEmpty { deliver(numbers.map(Occurrence.signal)) }
  }

  private func readInput() {
    guard !isPaused, !isCancelled else { return }
    var occurrences: [Occurrence] = []
    let reading = readWaiting(&occurrences)
    // Only if nothing is left to read, because the next bytes may complete the pending sequence.
    if reading != .more { occurrences += decoder.expire(at: .now).map(Occurrence.event) }
    switch reading {
    case .more, .nothing: break
    case .ended: occurrences.append(.event(.hungUp))
    case .background: occurrences.append(.signal(SIGTTIN))
    }
    scheduleTimer()
    if !occurrences.isEmpty { deliver(occurrences) }
  }

  private enum ReadOutcome {
    case more, nothing, ended
    /// The input belongs to another job.
    case background
  }

  private func readWaiting(_ occurrences: inout [Occurrence]) -> ReadOutcome {
    for _ in 0..<Self.readsPerTurn {
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, 0)
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return .nothing }
      let count = systemRead(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN { return .nothing }
      // Zero bytes, EIO and other errors mean a hangup: raw mode has no other end of input.
      guard count > 0 else { return JobControl.isForeground ? .ended : .background }
      occurrences += decoder.decode(buffer[..<count], at: .now).map(Occurrence.event)
      if let color = decoder.takeBackground() { occurrences.append(.background(color)) }
    }
    return .more
  }

  private func scheduleTimer() {
    guard let deadline = decoder.deadline else { return timer.schedule(deadline: .distantFuture) }
    let delay = max(ContinuousClock.now.duration(to: deadline), .zero)
    // Rounded up, so that the timer does not fire before the deadline.
    let (seconds, attoseconds) = delay.components
    let milliseconds = Int(min(seconds, 3600)) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1
    timer.schedule(deadline: .now() + .milliseconds(milliseconds))
  }

  /// The byte that Backspace sends according to the terminal's modes, which curses leaves unchanged.
  private static var erase: UInt8 {
    var modes = termios()
    guard tcgetattr(STDIN_FILENO, &modes) == 0 else { return .delete }
    return withUnsafeBytes(of: modes.c_cc) { $0[Int(VERASE)] }
  }

  /// The delays, with `ESCDELAY` in milliseconds as in other curses programs.
  private static var delays: InputDecoder.Delays {
    var delays = InputDecoder.Delays()
    if let value = environment("ESCDELAY").flatMap({ Int($0) }), (0...10_000).contains(value) {
      delays.escape = .milliseconds(value)
    }
    return delays
  }
}
