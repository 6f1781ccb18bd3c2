import TerminalTypes

/// The server's pin is not the known one. No key accepts the server: that takes the command `/trust`.
struct PinWarning: QuestionOverlay {
  let pinMismatch: PinMismatch

  var lifetime: OverlayLifetime { .untilOnline }

  func question(in interface: Interface) -> Question {
    Question(
      text: pinMismatch.explanation, answers: ["Esc: stay away", "then \(pinMismatch.consent)"],
      brief: pinMismatch.brief, briefAnswers: ["Esc: stay away"])
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    switch context.action(for: key) {
    case .dismiss, .clearInput: .closed
    default: key == Key(.escape) ? .closed : .behind(key)
    }
  }
}
