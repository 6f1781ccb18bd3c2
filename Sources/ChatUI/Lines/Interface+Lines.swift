import ChatModel
import ChatProtocol

// An interface that prints lines instead of drawing a screen. Everything that a transcript shows is printed once, when it
// is added; questions and lists are printed when they open, and the next typed line may answer them.

extension Interface {
  /// Whether the interface prints lines.
  var printsLines: Bool { printer != nil }

  /// The limit for a typed line. More than a message may have, so that the reason for refusing a long message is the one
  /// that a screen gives.
  public static let maximumLineBytes = LineEditor.maximumBytes

  /// Removes and returns the lines that are due. Each is safe to display, and has no line end.
  public mutating func takeLines() -> [String] {
    guard var printer else { return [] }
    let lines = printer.due
    printer.due = []
    self.printer = printer
    return lines
  }

  /// Whether a request of the user waits for its answer.
  public var awaitsAnswer: Bool {
    servers.servers.contains {
      $0.rooms.isListing || $0.rooms.isJoining || $0.administration.isWaiting || $0.search.isWaiting
    }
  }

  // MARK: Printing

  /// Prints a line without adding it to a transcript.
  mutating func print(_ body: TranscriptEntry.Body, in target: Target, at time: Timestamp) {
    guard !filter.hides(body) else { return }
    print(body.line(rosters.guests), in: target, at: time)
  }

  /// Prints a line of the subject.
  private mutating func print(_ line: String, in target: Target, at time: Timestamp) {
    let offset = settings.localOffset
    let zone = LineZone(
      offset: offset, format: preferences.timeFormat, today: LocalTime(now, offset: offset(now)))
    let target = rosters.guests.shown(target)
    let place = servers.hasSeveral ? "\(serverLabel())/\(target)" : target
    printer?.print(line, in: place, at: time, in: zone)
  }

  /// Prints what the last event added.
  mutating func printNews() {
    guard printsLines else { return }
    forEachServer { $0.printNewsOfSubject() }
    let place = servers.shownPlace
    if printer?.target != place {
      printer?.target = place
      print(.notice("your lines go here now"), in: place.target, at: now)
    }
    printOverlay()
    printAskingServers()
  }

  private mutating func printNewsOfSubject() {
    for index in tabs.tabs.indices {
      let target = tabs[index].target
      for record in tabs[index].transcript.takeJournal() { print(record, in: target) }
    }
    guard let text = hint else { return }
    hint = nil
    print(.notice(text), in: tabs.current.target, at: now)
  }

  private mutating func print(_ record: TranscriptRecord, in target: Target) {
    switch record {
    case .added(let body, let time): print(body, in: target, at: time)
    case .older(let entries):
      for entry in entries where !filter.hides(entry) {
        print(entry.body.line(rosters.guests), in: target, at: entry.time)
      }
    case .redacted(let author, let time, let name):
      let by = name.map { $0 == author ? "" : " by \(rosters.guests.shown($0))" } ?? ""
      let what = "what \(rosters.guests.shown(author)) said at \(clock(time)) was removed\(by)"
      print(.notice(what), in: target, at: now)
    }
  }

  /// Announces once that a server has a question, if typed lines go to another server.
  private mutating func printAskingServers() {
    let asking = servers.servers.indices.filter { $0 != servers.shownIndex && servers[$0].hasQuestion }
    let known = printer?.askingServers ?? []
    for index in asking where !known.contains(servers[index].endpoint) {
      let name = serverLabel(index)
      print(.alert("\(name) has a question: /tab \(name) goes there"), in: tabs.current.target, at: now)
    }
    printer?.askingServers = Set(asking.map { servers[$0].endpoint })
  }

  private mutating func printOverlay() {
    guard let top = overlays.top else {
      printer?.overlay = nil
      return
    }
    let printed = top.printed(in: self)
    guard printed != printer?.overlay else { return }
    printer?.overlay = printed
    if !printed.lines.isEmpty {
      print(.notice(printed.lines.joined(separator: "\n")), in: tabs.current.target, at: now)
    }
    if !printed.awaitsAnswer { _ = overlays.pop() }
  }

  // MARK: Typed lines

  /// Handles a typed line: an answer, a message or a command.
  mutating func enter(line: String) -> [InterfaceCommand] {
    let line = line.typed
    guard !line.trimmingSpaces.isEmpty else { return [] }
    // A list that this line opens is printed, even if it equals the last one.
    printer?.overlay = nil
    if !overlays.isEmpty {
      if let commands = answer(line.trimmingSpaces) { return commands }
      // Only the line directly after a question may answer it.
      overlays.closeAll()
    }
    guard LineEditor(line).text == line else { return refuse("the line is too long: it was not sent") }
    let submission = Submission(line)
    if let name = takeFormerRecipient(of: submission) {
      return refuse(
        "\(name) is another person now, and the line was not sent: the same line once more sends it to them")
    }
    tabs.current.history.append(line)
    do {
      return try carryOut(submission)
    } catch {
      return refuse("\(error)")
    }
  }

  private mutating func refuse(_ reason: String) -> [InterfaceCommand] {
    print(.alert(reason), in: tabs.current.target, at: now)
    return [.lineRefused]
  }

  /// - Returns: nil if the line is no answer to the top overlay.
  private mutating func answer(_ line: String) -> [InterfaceCommand]? {
    let layout = layout
    guard var top = overlays.pop() else { return nil }
    let response = top.answer(line, in: OverlayContext(interface: self, layout: layout))
    if response?.closes != true { overlays.open(top) }
    guard let response else { return nil }
    return response.then?(&self) ?? []
  }
}

extension TranscriptEntry.Body {
  /// The entry as a line: `zoe: hello`, `* zoe waves`, `-- zoe joined`. Lines of the program begin with `--` or `!!`,
  /// which no author's name can.
  func line(_ guests: Guests) -> String {
    switch self {
    case .message(let message):
      message.isAction
        ? "* \(guests.author(message.author)) \(words(guests))" : "\(guests.author(message.author)): \(words(guests))"
    case .redacted(let author, _): "\(guests.author(author)): \(words(guests))"
    case .alert: "!! \(words(guests))"
    case .topic, .notice, .presence, .away, .back: "-- \(words(guests))"
    }
  }
}

extension Transcript {
  /// Removes and returns the records since the last call. The first call returns the entries so far, because the tab was
  /// opened for them.
  mutating func takeJournal() -> [TranscriptRecord] {
    defer { journal = [] }
    guard let journal else { return entries.isEmpty ? [] : [.older(entries.suffix(LinePrinter.maximumOlder))] }
    return journal
  }
}
