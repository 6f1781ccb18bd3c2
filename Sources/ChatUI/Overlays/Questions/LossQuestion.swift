import TerminalTypes

/// The user is quitting, and typed text cannot be saved.
struct LossQuestion: QuestionOverlay {
  /// A sentence without the full stop.
  let reason: String

  var lifetime: OverlayLifetime { .untilClosed }
  var placement: OverlayPlacement { .above }

  func question(in interface: Interface) -> Question {
    Question(
      text: "Your text cannot be saved: \(reason). \(interface.typedTextInWords) Leave without it?",
      answers: ["y: leave, and lose it", "Esc: stay"],
      brief: "Lose your text?", briefAnswers: ["y: lose it", "Esc: stay"])
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    switch context.answer(of: key, enter: .no) {
    case .yes: return .handled { _ in [.quitUnsaved] }
    case .no: return .closed
    case nil: return context.interface.overlays.isEmpty && key.isCharacter ? .behind(key) : .handled
    }
  }
}
