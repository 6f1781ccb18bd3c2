import TerminalTypes

/// The user is hosting, and quitting ends the chat for others.
struct QuitQuestion: QuestionOverlay {
  /// The number of other users.
  let others: Int

  var lifetime: OverlayLifetime { .untilClosed }

  func question(in interface: Interface) -> Question {
    Question(
      text: "\(hosting(for: others)) Leaving ends the chat for them.", answers: ["y: leave", "Esc: stay"],
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

/// The user is hosting, and a suspended program serves nobody.
struct SuspendQuestion: QuestionOverlay {
  /// The number of other users.
  let others: Int

  var lifetime: OverlayLifetime { .untilClosed }

  func question(in interface: Interface) -> Question {
    Question(
      text: "\(hosting(for: others)) While this program is suspended, nothing reaches them, and they are soon cut off.",
      answers: ["y: suspend", "Esc: go on"], brief: "Stop it for others?", briefAnswers: ["y: suspend", "Esc: go on"])
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    switch context.answer(of: key, enter: .no) {
    case .yes: .closed { _ in [.suspend] }
    case .no: .closed
    case nil: .handled
    }
  }
}

private func hosting(for others: Int) -> String {
  "You are hosting, and \(others == 1 ? "somebody else is" : "\(others) others are") connected."
}
