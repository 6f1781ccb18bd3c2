import ChatUI
import Terminal
import TerminalTypes

/// Input of the running client.
enum DisplayEvent {
  case terminal(TerminalEvent)
  /// A typed line without its end.
  case line(String)
  /// A typed line that cannot be text.
  /// - Parameter reason: a sentence without the full stop.
  case unreadableLine(reason: String)
  /// The end of the typed lines.
  case inputEnded
  /// Output cannot be written any more.
  /// - Parameter reason: nil if its reader has closed the pipe.
  case outputFailed(reason: String?)
}

/// The place where the client shows itself: a screen, or printed lines.
@MainActor
protocol Display: AnyObject {
  /// A warning for the user, in one line; nil if there is none.
  var warning: String? { get }
  var size: Screen.Size { get }
  /// The terminal that an editor can get for a while; nil if there is no screen.
  var terminal: Terminal? { get }

  /// Starts the delivery of events. Must be called only once.
  /// - Parameters:
  ///   - takesLine: whether another line may be delivered. Asked before each line, and again after each `show`.
  ///   - batchEnded: called after the last waiting event.
  func begin(
    _ handler: @escaping @MainActor (DisplayEvent) -> Void, takesLine: @escaping @MainActor () -> Bool,
    batchEnded: @escaping @MainActor () -> Void)
  /// - Returns: the places on the screen that react to the mouse.
  func show(_ interface: inout Interface) -> MouseTargets
  /// Calls `body` once everything that was shown so far is written. It may be called much later, or never, if the reader
  /// of the output is slow.
  func afterShowing(_ body: @escaping @MainActor @Sendable () -> Void)
  func bell()
  func copy(_ text: String)
  func notify(_ sequence: NotificationSequence, title: String, text: String)
  func redraw()
  func suspend()
  /// Ends the display.
  /// - Returns: false if the reader of the output did not take everything in time.
  @discardableResult
  func close() -> Bool
}

/// The screen.
@MainActor
final class ScreenDisplay: Display {
  private let screen: Terminal
  /// The title of the window.
  private var title: String?

  /// - Throws: `TerminalError`; the terminal is then unchanged.
  init(_ options: Terminal.TerminalOptions) throws(TerminalError) { screen = try Terminal(options) }

  var warning: String? { screen.warning }
  var size: Screen.Size { screen.size }
  var terminal: Terminal? { screen }

  func begin(
    _ handler: @escaping @MainActor (DisplayEvent) -> Void, takesLine: @escaping @MainActor () -> Bool,
    batchEnded: @escaping @MainActor () -> Void
  ) { screen.start({ handler(.terminal($0)) }, batchEnded: batchEnded) }

  func show(_ interface: inout Interface) -> MouseTargets {
    let frame = interface.render()
    screen.draw(frame.screen)
    let title = interface.title
    if title != self.title {
      self.title = title
      screen.setTitle(title)
    }
    return frame.mouseTargets
  }

  func afterShowing(_ body: @escaping @MainActor @Sendable () -> Void) { body() }
  func bell() { screen.bell() }
  func copy(_ text: String) { screen.copy(text) }
  func notify(_ sequence: NotificationSequence, title: String, text: String) {
    screen.notify(sequence, title: title, text: text)
  }
  func redraw() { screen.redraw() }
  func suspend() { screen.suspend() }
  func close() -> Bool {
    screen.close()
    return true
  }
}
