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
    switch key {
    case .character("y"), .character("Y"): .closed { $0.leave() }
    case Key(.escape), Key(.enter), .control("c"), .character("n"), .character("N"): .closed
    default: .handled
    }
  }
}
