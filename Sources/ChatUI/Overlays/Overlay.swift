import ChatModel
import ChatProtocol
import TerminalTypes

/// A layer above the base of the screen (tabs, transcript, input line) that has the keyboard focus: a question, a list,
/// help, a search. It is a value that holds all of its own state; a new one is a type that conforms, and a place that
/// opens it with `OverlayStack.open` or `OverlayStack.ask`. Only the top layer is drawn and receives keys.
protocol Overlay: Equatable, Sendable {
  var lifetime: OverlayLifetime { get }
  /// The placement if it opens without a key.
  var placement: OverlayPlacement { get }
  /// Whether it is drawn in place of the transcript, the list of users and the status line.
  var coversPane: Bool { get }
  /// Whether text is typed into it that would be lost with it.
  var holdsText: Bool { get }
  /// The phrases to highlight in the transcript; nil leaves that to the last jump to a search result.
  var highlights: [SearchPhrase]? { get }

  /// The content of the input line; nil shows the draft of the tab.
  /// - Parameter width: of the screen, in columns.
  func input(width: Int) -> OverlayInput?
  /// The parts of the status line, most important first; nil shows the ones of the base.
  func status(in interface: Interface) -> [StatusPart]?
  /// Draws it, and adds the places that react to the mouse.
  func draw(on frame: inout Frame, in layout: Layout, of interface: Interface)

  /// Whether the tab bar is not visible.
  var coversTabs: Bool { get }
  /// Whether a click anywhere on the screen has an effect. Only keys answer questions.
  var takesClicks: Bool { get }
  var wheel: WheelEffect { get }
  /// Handles a click on an item of the list that was drawn.
  /// - Parameter item: may be none of the items: the list may have changed since, and a recording may have any number.
  mutating func click(item: Int, in context: OverlayContext) -> OverlayResponse

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse
  /// - Parameter text: without control characters; may have several lines.
  mutating func paste(_ text: String, in context: OverlayContext) -> OverlayResponse
  /// Whether the overlay has lost its subject and is to be closed. Checked after events of the network and a resize.
  func isObsolete(in interface: Interface) -> Bool

  /// The content as lines, for a client that prints lines.
  func printed(in interface: Interface) -> PrintedOverlay
  /// Takes a typed line as an answer, in a client that prints lines.
  /// - Parameter line: without spaces around it, and not empty.
  /// - Returns: nil if it is no answer.
  mutating func answer(_ line: String, in context: OverlayContext) -> OverlayResponse?
}

extension Overlay {
  var placement: OverlayPlacement { .replacing }
  var coversPane: Bool { false }
  var holdsText: Bool { false }
  var highlights: [SearchPhrase]? { nil }

  var coversTabs: Bool { false }
  var takesClicks: Bool { true }
  var wheel: WheelEffect { .scrollsPane }

  mutating func click(item: Int, in context: OverlayContext) -> OverlayResponse { .handled }

  func input(width: Int) -> OverlayInput? { nil }
  func status(in interface: Interface) -> [StatusPart]? { nil }
  func draw(on frame: inout Frame, in layout: Layout, of interface: Interface) {}

  /// A paste is meant for the input: it closes what is open.
  mutating func paste(_ text: String, in context: OverlayContext) -> OverlayResponse {
    .closed {
      $0.overlays.closeAll()
      return $0.pasteIntoInput(text)
    }
  }

  func isObsolete(in interface: Interface) -> Bool { false }

  func isEqual(to other: any Overlay) -> Bool { (other as? Self) == self }
}

/// The event that closes an overlay without a key.
enum OverlayLifetime: Sendable {
  case untilClosed
  /// It belongs to the tab that it was opened in.
  case untilTabChanges
  /// A connection answers it.
  case untilOnline
}

/// The placement of an overlay that opens without a key, relative to those that are open.
enum OverlayPlacement: Sendable {
  /// Waits until no other is open.
  case alone
  /// Replaces them.
  case replacing
  /// Lies above them.
  case above
}

/// The content of the input line while an overlay uses it.
struct OverlayInput: Sendable {
  /// Without the sign at its end.
  let prompt: String
  let editor: LineEditor
}

/// The state that an overlay decides by.
struct OverlayContext {
  /// The interface without the overlay itself, and with the overlays below it.
  let interface: Interface
  /// The layout of the screen with the overlay.
  let layout: Layout

  func action(for key: Key) -> KeyAction? { interface.keyMap.actionInOverlay(for: key) }
}

extension KeyMap {
  /// The action of a key while an overlay is open. Overlays name Enter and Esc on the screen, so both work whichever
  /// actions have them.
  func actionInOverlay(for key: Key) -> KeyAction? {
    switch key {
    case Key(.enter): .send
    case Key(.escape): .dismiss
    default: action(for: key)
    }
  }
}

/// The effect of a key or paste on the interface.
struct OverlayResponse {
  typealias Effect = (inout Interface) -> [InterfaceCommand]

  let closes: Bool
  /// Runs once the change of the overlay, or its end, has taken effect.
  let then: Effect?

  static var handled: OverlayResponse { OverlayResponse(closes: false, then: nil) }
  static var closed: OverlayResponse { OverlayResponse(closes: true, then: nil) }
  static func handled(then: @escaping Effect) -> OverlayResponse { OverlayResponse(closes: false, then: then) }
  static func closed(then: @escaping Effect) -> OverlayResponse { OverlayResponse(closes: true, then: then) }

  /// - Parameter hint: shown in the status line until the next key.
  static func handled(hint: String) -> OverlayResponse {
    .handled {
      $0.hint = hint
      return []
    }
  }

  /// Opens another overlay above this one.
  static func handled(opening overlay: any Overlay) -> OverlayResponse {
    .handled {
      $0.overlays.open(overlay)
      return []
    }
  }
}
