import TerminalTypes

/// The input has many lines, and more likely comes from a paste than from the keyboard.
struct SendQuestion: QuestionOverlay {
  /// The number of messages.
  let lines: Int

  var lifetime: OverlayLifetime { .untilTabChanges }

  func question(in interface: Interface) -> Question {
    Question(
      text: "Send \(lines) lines, each as a message?", answers: ["Enter: send", "Esc: not yet"],
      brief: "Send \(lines) lines?", briefAnswers: ["Enter: yes", "Esc: no"])
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    switch key {
    case Key(.enter), .character("y"), .character("Y"): .closed { $0.submit(isConfirmed: true) }
    case Key(.escape), .control("c"), .character("n"), .character("N"): .closed
    default: .handled
    }
  }
}
