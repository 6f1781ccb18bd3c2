import ChatModel
import ChatProtocol
import TerminalTypes

// Saving of typed text, and the questions if it fails.

extension Interface {
  /// Whether there is typed text that was not sent or not confirmed.
  public var holdsTypedText: Bool { tabs.holdsTypedText }

  /// Typed text that was not sent or not confirmed: messages first, each with its target.
  public var typedTexts: [(target: Target, text: String)] { tabs.typedTexts }

  /// Describes the text that would be lost.
  var typedTextInWords: String { tabs.typedTextInWords(rosters.guests) }

  // MARK: Quitting

  mutating func quit() -> [InterfaceCommand] {
    let others = rosters.lobby.people.count { $0.name != name }
    guard invitation != nil, others > 0 else { return leave() }
    return open(QuitQuestion(others: others))
  }

  /// Quits if nothing is lost by it, and asks otherwise.
  mutating func leave() -> [InterfaceCommand] {
    let unkept = unkeptDrafts
    guard unkept.isEmpty else {
      let places = unkept.map(\.text).joined(separator: " and ")
      return askBeforeLosing("the text in \(places) is too long")
    }
    return [.quit]
  }

  private mutating func askBeforeLosing(_ reason: String) -> [InterfaceCommand] {
    if overlays.top is LossQuestion { _ = overlays.pop() }
    return open(LossQuestion(reason: reason))
  }

  // MARK: Saving

  mutating func noteSaved() {
    guard saveTrouble != nil else { return }
    saveTrouble = nil
    tell(.notice("typed text is saved again"))
  }

  /// Reports a failure once; the status line shows it while there is text to lose.
  mutating func noteSaveFailure(_ reason: String, isLeaving: Bool) -> [InterfaceCommand] {
    let reason = DisplayText.sanitize(reason)
    if saveTrouble == nil { tell(.alert("typed text cannot be saved: \(reason)")) }
    saveTrouble = reason
    guard isLeaving else { return [] }
    guard holdsTypedText else { return [.quitUnsaved] }
    // Saving may take a while, and the user may type meanwhile.
    if overlays.top is LossQuestion { return askBeforeLosing(reason) }
    overlays.ask(LossQuestion(reason: reason))
    return []
  }

  /// Adds the sends that another client of this user left behind when it ended; this client is sending them.
  mutating func recover(_ sends: [OutgoingMessage]) {
    let count = tabs.addUnknown(sends)
    guard count > 0 else { return }
    let messages = count == 1 ? "1 message" : "\(count) messages"
    tell(.notice("\(messages) that another window of yours had not sent: sent from here"))
  }
}
