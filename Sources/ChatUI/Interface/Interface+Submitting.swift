import ChatModel
import ChatProtocol

extension Interface {
  /// Handles Enter.
  /// - Parameter isConfirmed: whether the user confirmed sending many lines.
  mutating func submit(isConfirmed: Bool = false) -> [InterfaceCommand] {
    let input = tabs.current.editor.text
    guard !input.trimmingSpaces.isEmpty else { return [] }
    let submission = Submission(input)
    if let name = tabs.current.formerRecipient, recipient(of: submission, in: tabs.current) == name {
      tabs.current.formerRecipient = nil
      hint = "\(name) is another person now: Enter once more sends it to them"
      return []
    }
    let lines = lines(of: submission.text)
    // So many lines are more likely a paste than a message.
    if lines.count > preferences.linesWithoutAsking, !isConfirmed { return open(SendQuestion(lines)) }
    switch submission {
    case .text(let text):
      take(input)
      return send(text)
    case .command(let command, let arguments):
      take(input)
      return run(command, arguments)
    case .unknownCommand(let word):
      // The input keeps the text: it may only lack a second slash.
      let name = word.sanitizedWord
      hint =
        "there is no /\(name): \(keyMap.shortcut(.help) ?? "/help") lists what there is, //\(name) sends it as text"
      return []
    }
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

  /// Empties the input and appends its text to the history.
  private mutating func take(_ input: String) {
    tabs.current.history.append(input)
    tabs.current.editor.reset()
    tabs.current.returned = nil
    tabs.current.formerRecipient = nil
    scrollToBottom()
    nameColumn.loosen()
  }

  mutating func send(_ text: String) -> [InterfaceCommand] {
    let recipient = tabs.current.target
    if printsLines, !connection.isOnline {
      print(.notice("not connected: the line is sent when the connection is back"), in: recipient, at: now)
    }
    return lines(of: text).map { line in
      let id = nextSend()
      tabs.current.transcript.appendUnconfirmed(OutgoingMessage(id: id, target: recipient, text: line, time: now))
      return .client(.say(id: id, to: recipient, text: line))
    }
  }

  // MARK: Commands

  private mutating func run(_ command: SlashCommand, _ arguments: String) -> [InterfaceCommand] {
    var words = CommandWords(arguments, usage: command.usage)
    do {
      try check(command.scope)
      return try command.run(&self, &words)
    } catch {
      tell(.alert("\(error)"))
      return []
    }
  }

  func check(_ scope: SlashCommand.Scope) throws(UsageError) {
    switch scope {
    case .online(let otherwise) where !connection.isOnline: throw UsageError(otherwise)
    case .room(let otherwise) where tabs.current.room == nil: throw UsageError(otherwise)
    case .anywhere, .online, .room: break
    }
  }
}
