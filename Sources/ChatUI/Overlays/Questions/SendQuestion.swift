import ChatProtocol
import TerminalTypes

/// Asks before an input of many lines is sent, because it more likely comes from a paste than from the keyboard.
struct SendQuestion: QuestionOverlay {
  let lines: Int
  /// Whether the lines are sent as one message, and not each as a message.
  let isOneMessage: Bool
  /// The first lines and the last one.
  let preview: [String]

  private static let previewed = 3
  /// The limit for a line of the preview; more is not visible.
  private static let maximumCharacters = 80

  init(_ lines: [String], isOneMessage: Bool) {
    self.lines = lines.count
    self.isOneMessage = isOneMessage
    var preview = lines.prefix(Self.previewed).map(Self.shortened)
    if let last = lines.last, lines.count > Self.previewed {
      if lines.count > Self.previewed + 1 { preview.append("…") }
      preview.append(Self.shortened(last))
    }
    self.preview = preview
  }

  private static func shortened(_ line: String) -> String {
    DisplayText.sanitize(String(line.prefix(maximumCharacters)).replacing("\t", with: " "))
  }

  var lifetime: OverlayLifetime { .untilTabChanges }

  func question(in interface: Interface) -> Question {
    Question(
      text: "Send \(lines) lines\(isOneMessage ? " as one message" : ", each as a message")?", preview: preview,
      answers: ["Enter: send", "Esc: not yet"],
      brief: "Send \(lines) lines?", briefAnswers: ["Enter: yes", "Esc: no"])
  }

  mutating func press(_ key: Key, in context: OverlayContext) -> OverlayResponse {
    switch context.answer(of: key, enter: .yes) {
    case .yes: .closed { $0.submit(isConfirmed: true) }
    case .no: .closed
    case nil: .handled
    }
  }
}
