import ChatProtocol
import ChatUI
import Dispatch

// Drawing.

extension Application {
  func draw() {
    lastDrawn = .now()
    LocalZone.refresh()
    mouseTargets = display.show(&interface)
  }

  /// Draws at once, but not more often than the screen refreshes.
  func drawSoon() {
    guard !isDrawingScheduled else { return }
    let passed = MonotonicTime.now() - lastDrawn
    guard passed < Self.frame else { return draw() }
    isDrawingScheduled = true
    let rest = (Self.frame - passed).nanoseconds
    DispatchQueue.main.asyncAfter(deadline: .now() + .nanoseconds(Int(rest))) {
      MainActor.assumeIsolated {
        self.isDrawingScheduled = false
        self.draw()
      }
    }
  }

  /// The timer runs only while the screen shows a countdown, so that an idle client sleeps.
  func tickWhileCountingDown() {
    guard interface.isCountingDown else {
      ticking?.cancel()
      ticking = nil
      return
    }
    guard ticking == nil else { return }
    let timer = DispatchSource.makeTimerSource(queue: .main)
    timer.schedule(deadline: .now() + 1, repeating: 1, leeway: .milliseconds(50))
    timer.setEventHandler { [weak self] in
      MainActor.assumeIsolated {
        self?.handle([])
        self?.draw()
      }
    }
    timer.resume()
    ticking = timer
  }
}
