import ChatModel
import ChatProtocol
import TerminalTypes

// Opening the overlays, and their keys.

extension Interface {
  /// Passes a key or paste to the top overlay, and carries out the response.
  mutating func changeTop(_ change: (inout any Overlay, OverlayContext) -> OverlayResponse) -> [InterfaceCommand] {
    let layout = layout
    // Taken out of the stack, the overlay is changed in place and not copied.
    guard var top = overlays.pop() else { return [] }
    let response = change(&top, OverlayContext(interface: self, layout: layout))
    if !response.closes { overlays.open(top) }
    return response.then?(&self) ?? []
  }

  mutating func closeObsoleteOverlays() {
    guard !overlays.isEmpty else { return }
    var stack = OverlayStack()
    swap(&stack, &overlays)
    stack.closeObsolete(in: self)
    overlays = stack
  }

  /// Opens the overlay that waits if no typing is in progress.
  mutating func showWaiting() {
    guard overlays.waiting != nil, composition == nil, printsLines || !attention.isTyping(at: now) else { return }
    if overlays.showWaiting(isInputEmpty: printsLines || tabs.current.editor.isEmpty) { completion = nil }
  }

  /// Opens an overlay that a key or command asked for.
  mutating func open(_ overlay: any Overlay) -> [InterfaceCommand] {
    overlays.open(overlay)
    completion = nil
    return []
  }

  /// Handles a key that answers no question: it goes to the input, since the user may be typing.
  mutating func pressBehindQuestion(_ key: Key) -> [InterfaceCommand] {
    switch keyMap.action(for: key) {
    case .quit: return quit()
    // A question of one server does not keep the user from the others.
    case .some(let action) where action.leadsToTab && servers.hasSeveral: return perform(action)
    case .some(let action): _ = edit(action)
    case nil:
      guard case .character(let character) = key.symbol, key.modifiers.isEmpty else { return [] }
      if !insertIntoInput(String(character)) { hint = "the input is full" }
    }
    completion = nil
    return []
  }

  mutating func pasteIntoInput(_ text: String) -> [InterfaceCommand] {
    if !insertIntoInput(text) { tell(.alert("the paste was too long: its end is missing")) }
    return []
  }
}
