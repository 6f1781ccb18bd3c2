import ChatUI
import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Reads standard input and the signals when something is there, and keeps the decoder's clock.
///
/// All that waits is read and then delivered at once, in order.
@MainActor
final class TerminalInput {
  enum Occurrence: Hashable {
    case event(TerminalEvent)
    case signal(Int32)
    /// The terminal said what its background is.
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

  /// Nobody types as much at once; a paste comes in several turns, between which the screen can be drawn.
  private static let readsPerTurn = 16

  init(signals: SignalPipe, deliver: @escaping @MainActor ([Occurrence]) -> Void) {
    self.signals = signals
    self.deliver = deliver
    decoder = InputDecoder(delays: Self.delays, erase: Self.erase)
    input = DispatchSource.makeReadSource(fileDescriptor: STDIN_FILENO, queue: .main)
    signalled = DispatchSource.makeReadSource(fileDescriptor: signals.readEnd, queue: .main)
    timer = DispatchSource.makeTimerSource(queue: .main)
    // The sources run on the main queue, which is the main actor's.
    input.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readInput() } }
    signalled.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readSignals() } }
    timer.setEventHandler { [weak self] in MainActor.assumeIsolated { self?.readInput() } }
    timer.schedule(deadline: .distantFuture)
    input.activate()
    signalled.activate()
    timer.activate()
  }

  /// Leaves what comes on standard input to others. Signals are still taken.
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

  /// For good. Closes the pipe's end that it read.
  func cancel() {
    guard !isCancelled else { return }
    // A source that is suspended cannot be released.
    resume()
    isCancelled = true
    input.cancel()
    // Earlier, the queue might still watch a descriptor that is somebody else's by then.
    signalled.setCancelHandler { [signals] in signals.closeReadEnd() }
    signalled.cancel()
    timer.cancel()
  }

  /// As if the signal had arrived, in the next turn of the main queue.
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
    // Only when nothing is left to read, because it may be the rest of what the decoder waits for.
    if reading != .more { occurrences += decoder.expire(at: .now).map(Occurrence.event) }
    switch reading {
    case .more, .nothing: break
    case .ended: occurrences.append(.event(.hungUp))
    case .background: occurrences.append(.signal(SIGTTIN))
    }
    scheduleTimer()
    if !occurrences.isEmpty { deliver(occurrences) }
  }

  private enum Reading {
    case more, nothing, ended
    /// What is typed is another job's.
    case background
  }

  private func readWaiting(_ occurrences: inout [Occurrence]) -> Reading {
    for _ in 0..<Self.readsPerTurn {
      var waiting = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
      let ready = poll(&waiting, 1, 0)
      if ready < 0, errno == EINTR { continue }
      guard ready > 0 else { return .nothing }
      let count = systemRead(STDIN_FILENO, &buffer, buffer.count)
      if count < 0, errno == EINTR || errno == EAGAIN { return .nothing }
      // Zero bytes, EIO and the like: in raw mode there is no other end of input than that nobody is there.
      guard count > 0 else { return JobControl.isForeground ? .ended : .background }
      occurrences += decoder.decode(buffer[..<count], at: .now).map(Occurrence.event)
      if let color = decoder.takeBackground() { occurrences.append(.background(color)) }
    }
    return .more
  }

  private func scheduleTimer() {
    guard let deadline = decoder.deadline else { return timer.schedule(deadline: .distantFuture) }
    let delay = max(ContinuousClock.now.duration(to: deadline), .zero)
    // Rounded up, or it would fire a moment too early.
    let (seconds, attoseconds) = delay.components
    let milliseconds = Int(min(seconds, 3600)) * 1000 + Int(attoseconds / 1_000_000_000_000_000) + 1
    timer.schedule(deadline: .now() + .milliseconds(milliseconds))
  }

  /// The byte that Backspace sends, as the terminal's modes say. Curses leaves it as it was.
  private static var erase: UInt8 {
    var modes = termios()
    guard tcgetattr(STDIN_FILENO, &modes) == 0 else { return .delete }
    return withUnsafeBytes(of: modes.c_cc) { $0[Int(VERASE)] }
  }

  /// `ESCDELAY` in milliseconds, as for other programs with curses.
  private static var delays: InputDecoder.Delays {
    var delays = InputDecoder.Delays()
    if let value = environment("ESCDELAY").flatMap({ Int($0) }), (0...10_000).contains(value) {
      delays.escape = .milliseconds(value)
    }
    return delays
  }
}
