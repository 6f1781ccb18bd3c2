import ChatModel
import ChatProtocol
import TerminalTypes

/// Offers to host the chat here, because nothing listens at the server's address.
struct HostOffer: QuestionOverlay {
  let endpoint: Endpoint

  var lifetime: OverlayLifetime { .untilOnline }
  var placement: OverlayPlacement { .alone }

  func question(in interface: Interface) -> Question {
    Question(
      text: "Nothing listens on \(endpoint). Host the chat here?",
      answers: ["Enter: host", "Esc: wait"] + (interface.keyMap.shortcut(.quit).map { ["\($0): quit"] } ?? []),
      brief: "Host the chat here?", briefAnswers: ["Enter: yes", "Esc: no"])
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    // A character goes to the text being typed.
    if key.isCharacter, !context.interface.tabs.current.editor.isEmpty { return .behind(key) }
    if context.action(for: key) == .clearInput { return .handled { $0.quit() } }
    switch context.answer(of: key, enter: .yes) {
    case .yes: return .closed { _ in [.host] }
    case .no:
      return .closed {
        $0.tell(.notice("waiting for \($0.connection.endpoint.summary); /connect HOST goes elsewhere"))
        return []
      }
    case nil: return .behind(key)
    }
  }
}
