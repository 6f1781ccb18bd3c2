import ChatProtocol
import CommandSupport
import Dispatch

// A client that prints lines.

extension Application {
  static var time: ScriptTime { ScriptTime(now: .now(), wall: .now()) }

  /// Whether another typed line is accepted. While a server is being closed, lines wait, for the server that stays.
  var takesLine: Bool { !isLeaving && !clients.contains(where: \.isClosing) && lineRun?.takesLine ?? true }

  /// The input has ended: leaves once everything is answered.
  func endInput() {
    guard !isLeaving, var run = lineRun, !run.hasEnded else { return }
    run.end(at: Self.time)
    lineRun = run
    let count = run.unansweredCount
    if run.isInteractive, count > 0 {
      handle([
        .notice("waiting until \(count.counted("line")) \(count == 1 ? "is" : "are") confirmed; Ctrl+C ends at once")
      ])
      draw()
    }
    settleLineRun()
  }

  /// Leaves if nothing is left to wait for except the reader of the output, or waiting makes no sense.
  func settleLineRun() {
    guard !isLeaving, let run = lineRun else { return }
    if end == nil, run.isDone, !interface.awaitsAnswer { end = run.outcome }
    guard end != nil else { return scheduleLineTimer() }
    draw()
    leaveAfterShowing()
  }

  /// Tells on standard error what was not confirmed when the user ended the client.
  func tellUnconfirmed() {
    guard let lineRun, end == nil, lineRun.unansweredCount > 0 else { return }
    let lines = lineRun.unansweredCount.counted("line")
    CommandSupport.note("\(lines) not confirmed: kept, and sent when the client connects again")
  }

  func scheduleLineTimer() {
    lineTimer?.cancel()
    lineTimer = nil
    guard !isLeaving, !isLineTimerDue, let deadline = lineRun?.deadline else { return }
    let timer = DispatchSource.makeTimerSource(queue: .main)
    let wait = max(deadline - .now(), .zero)
    timer.schedule(deadline: .now() + .nanoseconds(Int(clamping: wait.nanoseconds)))
    timer.setEventHandler { [weak self] in
      MainActor.assumeIsolated {
        guard let self, !self.isLeaving else { return }
        self.isLineTimerDue = true
        self.afterShowing { [weak self] in
          guard let self, !self.isLeaving else { return }
          self.isLineTimerDue = false
          if let end = self.lineRun?.timer(at: Self.time) { self.end = end }
          self.settleLineRun()
        }
      }
    }
    timer.resume()
    lineTimer = timer
  }

  /// Calls `body` once everything that was shown so far is written, as the display does. The time limit for the server
  /// does not include the wait for a slow reader.
  func afterShowing(_ body: @escaping @MainActor @Sendable () -> Void) {
    let shown = MonotonicTime.now()
    display.afterShowing { [weak self] in
      self?.lineRun?.noteReading(for: MonotonicTime.now() - shown, at: Self.time)
      body()
    }
  }
}
