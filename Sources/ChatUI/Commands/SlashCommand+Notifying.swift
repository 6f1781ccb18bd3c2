import ChatProtocol

extension SlashCommand {
  static let notifying = [
    SlashCommand(
      name: "notify", parameters: "[all|mentions|none]", help: "report messages in this tab; none: mute it",
      completable: [.level], run: { try $0.setLevel(&$1) }),
    SlashCommand(
      name: "dnd", parameters: "[on|off]", help: "do not disturb: report nothing",
      run: { try $0.setSilence(&$1) }),
    SlashCommand(
      name: "snooze", parameters: "[SPAN|off]", help: "report nothing for a while: 30m, 2h", completable: [.span],
      run: { try $0.snooze(&$1) }),
    SlashCommand(
      name: "ignore", aliases: ["ig"], parameters: "[NAME]", help: "hide a person's messages; list whom you ignore",
      completable: [.person], run: { try $0.ignore(&$1) }),
    SlashCommand(
      name: "unignore", aliases: ["unig"], parameters: "NAME", help: "show a person's messages again",
      completable: [.ignored],
      run: { try $0.stopIgnoring(&$1) }),
  ]
}

extension Interface {
  fileprivate mutating func setLevel(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    if let word = words.next() {
      guard let level = NotificationLevel(rawValue: word.lowercased()) else { throw words.usageError }
      try words.finish()
      tabs.current.notifies = level
    }
    let what =
      switch preferences.notifications.level(of: tabs.current) {
      case .all: "every message"
      case .mentions: "messages that name you"
      case .none: "no messages"
      }
    tell(.notice("\(rosters.guests.shown(tabs.current.target)) reports \(what)"))
    return []
  }

  // MARK: Silence

  fileprivate mutating func setSilence(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    let isOn: Bool
    let word = words.next()?.lowercased()
    try words.finish()
    switch word {
    // `/dnd` does not end a snooze: it makes it endless.
    case nil: isOn = silence.map { $0.end != nil } ?? true
    case "on": isOn = true
    case "off": isOn = false
    default: throw words.usageError
    }
    silence = isOn ? Silence(at: now) : nil
    tell(.notice(isOn ? "do not disturb: nothing is reported until /dnd off" : "messages are reported again"))
    return []
  }

  fileprivate mutating func snooze(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    let word = words.next()?.lowercased() ?? "30m"
    try words.finish()
    if word == "off" {
      silence = nil
      tell(.notice("messages are reported again"))
      return []
    }
    guard let duration = Duration(span: word), duration <= .seconds(Self.longestSnooze) else { throw words.usageError }
    let silence = Silence(at: now, for: duration)
    self.silence = silence
    let end = silence.end.map { " until \(clock($0))" } ?? ""
    tell(.notice("nothing is reported\(end); /snooze off ends that"))
    return []
  }

  /// A week, in seconds. `/dnd` has no limit.
  private static let longestSnooze = 604_800

  // MARK: Ignoring

  fileprivate mutating func ignore(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    guard !words.isAtEnd else {
      let names = ignored.names.sorted().prefix(200).map { rosters.guests.shown($0) }
      tell(.notice(names.isEmpty ? "you ignore nobody" : "you ignore \(names.joined(separator: ", "))"))
      return []
    }
    let name = try words.onlyPerson(in: self)
    guard name != self.name else { throw UsageError("that is you") }
    guard ignored.insert(name) else { throw UsageError("you ignore too many people; /ignore lists them") }
    settleScroll()
    let command = "/unignore \(name.asArgument)"
    tell(.notice("messages of \(rosters.guests.shown(name)) are hidden; \(command) shows them again"))
    return []
  }

  fileprivate mutating func stopIgnoring(_ words: inout CommandWords) throws(UsageError) -> [InterfaceCommand] {
    // A person with a name of several words may have left, and is not in the roster.
    let name: Nickname
    if let known = ignored.name(words.rest) { name = known } else { name = try words.onlyPerson(in: self) }
    guard ignored.remove(name) else { throw UsageError("you do not ignore \(name)") }
    // Hidden direct messages have opened no tab.
    let target = Target.person(name)
    if let known = tabs.known[target], known.head > known.mark ?? 0 { _ = tabs.open(target) }
    settleScroll()
    tell(.notice("messages of \(rosters.guests.shown(name)) are shown again"))
    return []
  }

  /// Stops ignoring a name that now belongs to another person.
  mutating func stopIgnoringFormer(_ name: Nickname) {
    guard ignored.remove(name) else { return }
    tell(.notice("\(name) is another person now, and not ignored; /ignore \(name.asArgument) ignores them"))
  }
}
