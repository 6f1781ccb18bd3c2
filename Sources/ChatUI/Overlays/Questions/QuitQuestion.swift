import TerminalTypes

/// The user is hosting, and quitting ends the chat for others.
struct QuitQuestion: QuestionOverlay {
  /// The number of other users.
  let others: Int

  var lifetime: OverlayLifetime { .untilClosed }

  func question(in interface: Interface) -> Question {
    Question(
      text: "You are hosting, and \(others == 1 ? "somebody else is" : "\(others) others are") connected. "
        + "Leaving ends the chat for them.", answers: ["y: leave", "Esc: stay"],
      brief: "End it for others?", briefAnswers: ["y: leave", "Esc: stay"])
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    switch context.answer(of: key, enter: .no) {
    case .yes: .closed { $0.leave() }
    case .no: .closed
    case nil: .handled
    }
  }
}
