import ChatModel
import ChatProtocol
import TerminalTypes

// Overlays as lines.

extension Overlay {
  /// An overlay that only keys can open has no lines.
  func printed(in interface: Interface) -> PrintedOverlay { PrintedOverlay() }
  mutating func answer(_ line: String, in context: OverlayContext) -> OverlayResponse? { nil }
}

extension QuestionOverlay {
  func printed(in interface: Interface) -> PrintedOverlay {
    let question = question(in: interface)
    let answers = question.answers.compactMap(Self.lineAnswer)
    return PrintedOverlay(
      lines: [question.text] + question.preview + [answers.joined(separator: " · ")], awaitsAnswer: true)
  }

  /// `y: host` for `Enter: host`; nil for a key that is no answer.
  private static func lineAnswer(_ answer: String) -> String? {
    for (key, letter) in [("Enter", "y"), ("y", "y"), ("Esc", "n")] where answer.hasPrefix("\(key): ") {
      return letter + answer.dropFirst(key.count)
    }
    return nil
  }

  mutating func answer(_ line: String, in context: OverlayContext) -> OverlayResponse? {
    switch line.lowercased() {
    case "y", "yes": press(.character("y"), in: context)
    case "n", "no": press(.character("n"), in: context)
    default: nil
    }
  }
}

extension HostOffer {
  mutating func answer(_ line: String, in context: OverlayContext) -> OverlayResponse? {
    // A character would go to the text that another client left in the input.
    switch line.lowercased() {
    case "y", "yes": press(Key(.enter), in: context)
    case "n", "no": press(Key(.escape), in: context)
    default: nil
    }
  }
}

extension PinWarning {
  /// The lobby has the explanation as an entry of its transcript.
  func printed(in interface: Interface) -> PrintedOverlay { PrintedOverlay(lines: [pinMismatch.consent]) }
}

extension NamePrompt {
  func printed(in interface: Interface) -> PrintedOverlay {
    let example = editor.isEmpty ? "" : ", such as \(editor.text)"
    return PrintedOverlay(lines: [reason, "Type another name\(example)"], awaitsAnswer: true)
  }

  mutating func answer(_ line: String, in context: OverlayContext) -> OverlayResponse? {
    // The suggestion stays in the input.
    line.hasPrefix("/") ? nil : use(line)
  }
}

extension HelpPage {
  /// The commands: keys have no effect.
  func printed(in interface: Interface) -> PrintedOverlay {
    let lines = SlashCommand.groups.flatMap { group in
      ["\(group.title):"]
        + group.commands.map { "  \("/\($0.name) \($0.parameters)".trimmingSpaces): \($0.help)" }
        + group.notes.map { "  \($0.input): \($0.help)" }
    }
    return PrintedOverlay(lines: lines)
  }
}

extension BareView {
  func printed(in interface: Interface) -> PrintedOverlay { PrintedOverlay(lines: lines) }
}

extension RoomList {
  func printed(in interface: Interface) -> PrintedOverlay {
    guard !rooms.isEmpty else { return PrintedOverlay(lines: lines) }
    let numbered = lines.enumerated().map { "\($0 + 1) \($1)" }
    return PrintedOverlay(lines: ["rooms; type the number of one to go in:"] + numbered, awaitsAnswer: true)
  }

  /// The rooms, without numbers.
  var lines: [String] {
    guard !rooms.isEmpty else { return ["there are no rooms"] }
    return rooms.map { room in
      let topic = room.topic.isEmpty ? "" : ": \(DisplayText.sanitize(room.topic))"
      return "\(room.name), \(room.people.counted("person", plural: "people"))\(topic)"
    }
  }

  mutating func answer(_ line: String, in context: OverlayContext) -> OverlayResponse? {
    choose(line, of: rooms.count, in: context)
  }
}

extension RedactionList {
  func printed(in interface: Interface) -> PrintedOverlay {
    let lines = messages.enumerated().map { "\($0 + 1) \(interface.line(of: $1))" }
    return PrintedOverlay(
      lines: ["type the number of the message to remove; the newest is first:"] + lines, awaitsAnswer: true)
  }

  mutating func answer(_ line: String, in context: OverlayContext) -> OverlayResponse? {
    choose(line, of: messages.count, in: context)
  }
}

extension SearchResults {
  /// The results, oldest first, and what is missing.
  func lines(in interface: Interface) -> [String] {
    let lines = found.reversed().map(interface.line)
    switch state {
    case .waiting: return lines
    case .answered(let hasMore):
      let rest = hasMore ? ["there are older ones: more words, from:NAME or on:DAY narrow the search"] : []
      return rest + (lines.isEmpty ? ["nothing was found"] : lines)
    case .stopped: return lines + ["the search took too long: older messages were not searched"]
    case .failed(let reason): return lines + [reason]
    }
  }
}

extension ChoiceList {
  /// Chooses an item by its number.
  fileprivate mutating func choose(_ line: String, of count: Int, in context: OverlayContext) -> OverlayResponse? {
    guard let number = Int(line), (1...max(count, 1)).contains(number), count > 0 else { return nil }
    choice = Choice(number - 1)
    return press(Key(.enter), in: context)
  }
}

extension Interface {
  /// A message in a list: `22 Nov 15:51 #lobby zoe: hello`.
  fileprivate func line(of message: ChatMessage) -> String {
    let offset = settings.localOffset
    let local = LocalTime(message.time, offset: offset(message.time))
    let day = local.day(seenFrom: LocalTime(now, offset: offset(now)))
    let body = body(of: message)
    let words = MessageLines.onOneLine(body.line(rosters.guests))
    return "\(day) \(local.clock(as: preferences.timeFormat)) \(rosters.guests.shown(message.target)) \(words)"
  }
}
