import ChatModel
import ChatProtocol

/// The open overlays, the top one last, and the one that waits for a pause in typing.
struct OverlayStack: Sendable {
  private var overlays: [any Overlay] = []
  /// Opened without a key, possibly while the user is typing.
  private(set) var waiting: (any Overlay)?
  /// The time at which a connection closed the last overlay without an answer.
  private var settledAt: Timestamp?

  var isEmpty: Bool { overlays.isEmpty }
  var top: (any Overlay)? { overlays.last }
  /// Whether the transcript is visible.
  var showsPane: Bool { overlays.allSatisfy { !$0.coversPane } }

  // MARK: Opening and closing

  mutating func open(_ overlay: any Overlay) { overlays.append(overlay) }
  mutating func pop() -> (any Overlay)? { overlays.popLast() }
  mutating func closeAll() { overlays = [] }
  /// Closes all overlays except questions about the connection: the client would not ask for the name again.
  mutating func closeUnanswered() { overlays.removeAll { $0.lifetime != .untilOnline } }
  mutating func close(_ lifetime: OverlayLifetime) { overlays.removeAll { $0.lifetime == lifetime } }

  /// Closes the overlays that a connection answers.
  mutating func settle(at now: Timestamp) {
    if waiting?.lifetime == .untilOnline { waiting = nil }
    let count = overlays.count
    close(.untilOnline)
    if overlays.count < count, overlays.isEmpty { settledAt = now }
  }

  /// Whether this Enter was meant for an overlay that a connection has just closed. Only the first one can be.
  mutating func takesEnter(at now: Timestamp) -> Bool {
    guard let settledAt else { return false }
    self.settledAt = nil
    return (0..<Attention.betweenKeys).contains(now.milliseconds &- settledAt.milliseconds)
  }

  // MARK: Without a key

  /// Shows an overlay, with the keyboard focus, once nothing has been typed for `Attention.betweenKeys`. Typing never
  /// answers a question that has just opened, and every question on the screen has the focus.
  mutating func ask(_ question: any Overlay) {
    // The same question again, possibly in other words; but text that is typed into the first one stays.
    if waiting == nil, let top, type(of: top) == type(of: question), top.input(width: 0) == nil {
      overlays[overlays.count - 1] = question
    } else {
      waiting = question
    }
  }

  /// Opens the overlay that waits, while the user is not typing.
  /// - Parameter isInputEmpty: whether the tab has no draft.
  /// - Returns: whether it was opened.
  mutating func showWaiting(isInputEmpty: Bool) -> Bool {
    guard let waiting, isInputEmpty || !waiting.coversPane else { return false }
    switch waiting.placement {
    case .alone: guard isEmpty else { return false }
    case .replacing, .above: guard top?.holdsText != true else { return false }
    }
    if waiting.placement != .above { overlays = [] }
    overlays.append(waiting)
    self.waiting = nil
    return true
  }

  /// - Parameter interface: without this stack, whose overlays are changed in place.
  mutating func closeObsolete(in interface: Interface) { overlays.removeAll { $0.isObsolete(in: interface) } }
}

extension OverlayStack: Equatable {
  static func == (left: Self, right: Self) -> Bool {
    guard left.overlays.count == right.overlays.count, left.settledAt == right.settledAt else { return false }
    switch (left.waiting, right.waiting) {
    case (nil, nil): break
    case (let left?, let right?): guard left.isEqual(to: right) else { return false }
    default: return false
    }
    return zip(left.overlays, right.overlays).allSatisfy { $0.isEqual(to: $1) }
  }
}
