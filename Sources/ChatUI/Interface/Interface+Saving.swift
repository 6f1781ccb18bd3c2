import ChatModel
import ChatProtocol
import TerminalTypes

// Saving of typed text, and the questions if it fails.

extension Interface {
  /// Whether there is typed text that was not sent or not confirmed.
  public var holdsTypedText: Bool {
    !abandoned.isEmpty
      || tabs.tabs.contains { !$0.transcript.unconfirmed.isEmpty || !$0.editor.text.trimmingSpaces.isEmpty }
  }

  /// Typed text that was not sent or not confirmed: messages first, each with its target.
  public var typedTexts: [(target: Target, text: String)] {
    let orphans = abandoned.map { ($0.target, $0.shownText) }
    let sends = tabs.tabs.flatMap { tab in tab.transcript.unconfirmed.map { (tab.target, $0.shownText) } }
    let drafts = tabs.tabs.map { ($0.target, $0.editor.text) }.filter { !$0.1.trimmingSpaces.isEmpty }
    return (orphans + sends + drafts).map { (target: $0.0, text: $0.1) }
  }

  /// Names what would be lost: `2 messages are not sent, and #lobby and @zoe have drafts.`
  var typedTextInWords: String {
    let unsent = abandoned.count + tabs.tabs.reduce(0) { $0 + $1.transcript.unconfirmed.count }
    let drafts = tabs.tabs.filter { !$0.editor.text.trimmingSpaces.isEmpty }.map { rosters.guests.shown($0.target) }
    let messages = unsent == 0 ? nil : unsent == 1 ? "1 message is not sent" : "\(unsent) messages are not sent"
    let places = drafts.count > 3 ? "\(drafts.count) tabs have drafts" : nil
    let named = drafts.count == 1 ? "\(drafts[0]) has a draft" : "\(drafts.joined(separator: " and ")) have drafts"
    let parts = [messages, drafts.isEmpty ? nil : places ?? named].compactMap { $0 }
    return parts.isEmpty ? "" : parts.joined(separator: ", and ") + "."
  }

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
    tell(.notice("what you type is saved again"))
  }

  /// Reports a failure once; the status line shows it while there is text to lose.
  mutating func noteSaveFailure(_ reason: String, isLeaving: Bool) -> [InterfaceCommand] {
    let reason = DisplayText.sanitize(reason)
    if saveTrouble == nil { tell(.alert("what you type cannot be saved: \(reason)")) }
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
    let known = Set(tabs.tabs.flatMap(\.transcript.unconfirmed).map(\.id) + abandoned.map(\.id))
    let found = sends.filter { !known.contains($0.id) }
    guard !found.isEmpty else { return }
    for sent in found {
      if let index = tabs.index(of: sent.target) {
        tabs[index].transcript.appendUnconfirmed(sent)
      } else {
        abandoned.append(sent)
      }
    }
    let messages = found.count == 1 ? "1 message" : "\(found.count) messages"
    tell(.notice("\(messages) that another window of yours had not sent: sent from here"))
  }
}
