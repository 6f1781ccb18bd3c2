import ChatModel
import ChatProtocol
import TerminalTypes

// Saving of typed text, and the questions if it fails.

extension Interface {
  /// Whether a server has typed text that was not sent or not confirmed.
  public func holdsTypedText(of server: Endpoint) -> Bool {
    servers.index(of: server).map { servers[$0].tabs.holdsTypedText } ?? false
  }

  /// A server's typed text that was not sent or not confirmed: messages first, each with its place: `#dev`, or
  /// `work/#dev` where there are several servers.
  public func typedTexts(of server: Endpoint) -> [(place: String, text: String)] {
    guard let index = servers.index(of: server) else { return [] }
    return servers[index].tabs.typedTexts.map { (place: placeName($0.target, at: index), text: $0.text) }
  }

  /// A target, with its server where there are several.
  private func placeName(_ target: Target, at server: Int) -> String {
    servers.hasSeveral ? "\(serverLabel(server))/\(target)" : target.text
  }

  /// Describes the text that would be lost: that of servers whose text cannot be saved.
  var typedTextInWords: String {
    let lost = servers.servers.indices.filter { servers[$0].saveTrouble != nil || !servers[$0].unkeptDrafts.isEmpty }
    return (lost.isEmpty ? Array(servers.servers.indices) : lost).compactMap { index in
      let words = servers[index].typedTextInWords
      return words.isEmpty ? nil : servers.hasSeveral ? "\(serverLabel(index)): \(words)" : words
    }.joined(separator: " ")
  }

  // MARK: Quitting

  mutating func quit() -> [InterfaceCommand] { guests > 0 ? open(QuitQuestion(others: guests)) : leave() }

  mutating func suspend() -> [InterfaceCommand] {
    guard guests > 0 else { return [.suspend] }
    return overlays.top is SuspendQuestion ? [] : open(SuspendQuestion(others: guests))
  }

  /// The number of other users on servers that this program hosts.
  private var guests: Int { servers.servers.filter { $0.invitation != nil }.reduce(0) { $0 + $1.others } }

  /// Quits if nothing is lost by it, and asks otherwise.
  mutating func leave() -> [InterfaceCommand] {
    let unkept = servers.servers.indices.flatMap { index in
      servers[index].unkeptDrafts.map { placeName($0, at: index) }
    }
    guard unkept.isEmpty else {
      return askBeforeLosing("the text in \(unkept.joined(separator: " and ")) is too long")
    }
    return [.quit]
  }

  /// Asks on the screen, whichever server the event is about.
  private mutating func askBeforeLosing(_ reason: String) -> [InterfaceCommand] {
    if servers.shown.overlays.top is LossQuestion { _ = servers.shown.overlays.pop() }
    servers.shown.overlays.open(LossQuestion(reason: reason))
    servers.shown.completion = nil
    return []
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
    let lost = servers.servers.first { $0.saveTrouble != nil && $0.tabs.holdsTypedText }
    guard let reason = lost?.saveTrouble else { return [.quitUnsaved] }
    // Saving may take a while, and the user may type meanwhile.
    if servers.shown.overlays.top is LossQuestion { return askBeforeLosing(reason) }
    servers.shown.overlays.ask(LossQuestion(reason: reason))
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

extension OpenServer {
  /// The number of other users.
  fileprivate var others: Int { rosters.lobby.people.count { $0.name != name } }
}
