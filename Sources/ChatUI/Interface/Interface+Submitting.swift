import ChatModel
import ChatProtocol

extension Interface {
  /// Handles Enter.
  /// - Parameter isConfirmed: whether the user confirmed sending many lines.
  mutating func submit(isConfirmed: Bool = false) -> [InterfaceCommand] {
    let input = tabs.current.editor.text
    guard !input.trimmingSpaces.isEmpty else { return [] }
    let submission = Submission(input)
    if let name = takeFormerRecipient(of: submission) {
      hint = "\(name) is another person now: Enter once more sends it to them"
      return []
    }
    let whole = wholeMessage(of: submission.text)
    let lines = whole.map(MessageLines.all) ?? lines(of: submission.text)
    // So many lines are more likely a paste than a message.
    if lines.count > preferences.linesWithoutAsking, !isConfirmed {
      return open(SendQuestion(lines, isOneMessage: whole != nil))
    }
    if case .text(let text) = submission {
      take(input)
      return send(text)
    }
    let before = self
    take(input)
    do {
      return try carryOut(submission)
    } catch let error as UsageError where error.keepsInput {
      self = before
      hint = "\(error)"
    } catch {
      tell(.alert("\(error)"))
    }
    return []
  }

  /// Sends a text, or runs a command. Throws `UsageError`.
  mutating func carryOut(_ submission: Submission) throws -> [InterfaceCommand] {
    switch submission {
    case .text(let text): return send(text)
    case .command(let command, let arguments):
      var words = CommandWords(arguments, usage: command.usage)
      if command.parameters.isEmpty { try words.finish() }
      try check(command.scope)
      return try command.run(&self, &words)
    case .unknownCommand(let word):
      let name = word.sanitizedWord
      let help = (printsLines ? nil : keyMap.shortcut(.help)) ?? "/help"
      // It may only lack a second slash.
      throw UsageError(
        "there is no /\(name): \(help) lists what there is, //\(name) sends it as text", keepsInput: true)
    }
  }

  private func check(_ scope: SlashCommand.Scope) throws(UsageError) {
    switch scope {
    case .online(let otherwise) where !connection.isOnline: throw UsageError(otherwise)
    case .room(let otherwise) where tabs.current.room == nil: throw UsageError(otherwise)
    case .anywhere, .online, .room: break
    }
  }

  /// Tells that a command has its effect only once the client is connected; nothing while it is.
  mutating func noteDeferred(_ effect: String) {
    if !connection.isOnline { hint = "not connected: \(effect) as soon as you are" }
  }

  // MARK: Recipients

  /// - Returns: the recipient of a direct message whose name changed its owner while the message was being written; nil
  ///   from the next call on, because the user knows then.
  mutating func takeFormerRecipient(of submission: Submission) -> Nickname? {
    guard let name = recipient(of: submission, in: tabs.current), tabs.current.formerRecipients.remove(name) else {
      return nil
    }
    return name
  }

  /// - Returns: the recipient of a direct message; nil if the submission goes to a room or to no one.
  func recipient(of submission: Submission, in tab: Tab) -> Nickname? {
    let partner: Nickname? = if case .person(let name) = tab.target { name } else { nil }
    switch submission {
    case .text(let text): return text.trimmingSpaces.isEmpty ? nil : partner
    case .command(let command, let arguments):
      switch command.sends {
      case .messages: return partner
      case .directMessages: return addressee(in: arguments)?.name
      case .nothing: return nil
      }
    case .unknownCommand: return nil
    }
  }

  // MARK: Messages

  /// Splits the text into messages. A blank line between others becomes a no-break space, which the project's own
  /// server accepts as text; on other servers, which may not, it is dropped.
  private func lines(of text: String) -> [String] {
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.trimmingSpaces.isEmpty == true { lines.removeLast() }
    let keepsBlank = tabs.tabs.contains { $0.epoch != nil }
    return lines.drop { $0.trimmingSpaces.isEmpty }.compactMap { line in
      line.trimmingSpaces.isEmpty ? keepsBlank ? "\u{a0}" : nil : line
    }
  }

  /// The text as one message; nil if it has one line, the server takes only single lines, or it is too long.
  func wholeMessage(of text: String) -> String? {
    guard connection.takesLines else { return nil }
    let text = MessageLines.normalized(text)
    guard MessageLines.areSeveral(in: text), MessageLines.count(of: text) <= MessageLines.maximum,
      text.escapedBytes <= mostBytes
    else { return nil }
    return text
  }

  /// The most bytes of text in one message to the current target.
  var mostBytes: Int {
    -OutgoingMessage(id: SendID(0), target: tabs.current.target, text: "", time: now).excessBytes
  }

  /// Empties the input and appends its text to the history.
  private mutating func take(_ input: String) {
    if let returned = tabs.current.returned, input.contains(returned) { tabs.current.failure?.sendAgain() }
    tabs.current.history.append(input)
    tabs.current.editor.reset()
    tabs.current.returned = nil
    tabs.current.formerRecipients = FormerRecipients()
    scrollToBottom()
    nameColumn.loosen()
  }

  mutating func send(_ text: String) -> [InterfaceCommand] {
    let recipient = tabs.current.target
    if printsLines, !connection.isOnline {
      print(.notice("not connected: the line is sent when the connection is back"), in: recipient, at: now)
    }
    return (wholeMessage(of: text).map { [$0] } ?? lines(of: text)).map { line in
      let id = nextSend()
      tabs.current.transcript.appendUnconfirmed(OutgoingMessage(id: id, target: recipient, text: line, time: now))
      return .client(.say(id: id, to: recipient, text: line))
    }
  }

}

extension String {
  /// The bytes of a text of several lines in a message: each line feed and each backslash takes two.
  var escapedBytes: Int {
    utf8.reduce(0) { $0 + ($1 == UInt8(ascii: "\n") || $1 == UInt8(ascii: "\\") ? 2 : 1) }
  }
}
