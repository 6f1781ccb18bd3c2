import ChatModel
import TerminalTypes
import TestSupport
import ChatProtocol
import Foundation
import Testing

@testable import ChatUI

/// The interface with random keys, mouse events and server events.
@Suite
struct NoiseTests {
  private static let symbols: [Key.Symbol] = [
    .enter, .tab, .backspace, .delete, .escape, .insert, .up, .down, .left, .right, .home, .end, .pageUp, .pageDown,
    .function(1), .function(6), .function(8), .function(11),
  ]
  private static let bound = KeyBinding.all.flatMap { $0.keys + $0.unlisted }

  private func key(_ random: inout SeededGenerator) -> Key {
    switch random.number(0...3) {
    case 0: return random.pick(Self.bound)
    case 1: return Key(random.pick(Self.symbols), Key.Modifiers(rawValue: UInt8(random.number(0...7))))
    default:
      guard let character = random.rawText(upTo: 2).first else { return Key(.enter) }
      return Key(.character(character), random.number(0...9) == 0 ? .alt : [])
    }
  }

  private let rooms = ["#lobby", "#lobby", "#garden", "#GARDEN", "#ü", "#a-room-with-a-rather-long-name-as-rooms-go"]
  private let epochs = ["e1", "e1", "e1", "e2"].map { Epoch(testing: $0) }

  private func target(_ random: inout SeededGenerator) -> Target {
    random.number(0...2) == 0 ? .person(random.name()) : .room(room(&random))
  }

  private func endpoint(_ random: inout SeededGenerator) -> Endpoint {
    Endpoint(
      testing: random.pick(["localhost:4000", "[2001:db8::7]:65535", "李雷.\(String(repeating: "x", count: 200)):1"]))
  }

  private func room(_ random: inout SeededGenerator) -> RoomName { RoomName(testing: random.pick(rooms)) }

  /// Mostly plausible sequence numbers, sometimes invalid ones.
  private func sequence(_ random: inout SeededGenerator) -> Int {
    random.number(0...20) == 0 ? random.pick([.min, -1, 0, .max, .max - 1]) : random.number(0...300)
  }

  private func said(_ random: inout SeededGenerator, in target: Target, sequence: Int?) -> ChatMessage {
    let days = Int64(random.number(-3...3)) * 86_400_000
    let time = Timestamp(milliseconds: random.number(0...50) == 0 ? .max : Timestamp.noon.milliseconds + days)
    return ChatMessage(
      target: target, kind: random.pick([.text, .text, .text, .topic, .redacted]), author: random.name(),
      text: random.text(), time: time, isOwn: random.number(0...4) == 0, sequence: sequence,
      id: random.flip() ? sequence : nil, isBacklog: random.flip())
  }

  private func network(_ random: inout SeededGenerator) -> ClientEvent {
    let (name, text) = (random.name(), random.text())
    let id = SendID(UInt64(random.number(1...40) + (random.flip() ? 1000 : 0)))
    let target = target(&random)
    switch random.number(0...39) {
    case 0: return .connecting(endpoint(&random), attempt: random.number(1...3))
    case 1, 2:
      let standing = Standing(isEncrypted: random.flip(), isOwned: random.flip(), isOperator: random.flip())
      return .online(name, capabilities: random.number(0...9) == 0 ? [] : .all, standing: standing)
    case 3:
      return .offline(
        Outage(
          reason: text, retryIn: random.flip() ? .milliseconds(random.number(0...90_000)) : nil,
          isRefused: random.flip(), isFirst: random.flip()))
    case 4: return .lag(.milliseconds(random.number(-5...100_000)), wasAsked: random.flip())
    case 5...11:
      var message = said(&random, in: target, sequence: random.flip() ? sequence(&random) : nil)
      message.answersSend = random.number(0...3) == 0 ? id : nil
      return .message(message)
    case 12: return .sendConfirmed(id, sequence: random.flip() ? sequence(&random) : nil, time: .noon)
    case 13: return .sendFailed(id, reason: text)
    case 14:
      return .roster(
        room(&random),
        (0..<random.number(0...40)).map { _ in Person(random.name(), away: random.flip() ? text : nil) })
    case 15: return .joined(name, room(&random))
    case 16: return .left(name, room(&random), reason: text)
    case 17: return .away(name, text: text)
    case 18: return .back(name)
    case 19: return .notice(text)
    case 20: return .messageOfTheDay(text)
    case 21: return .sending(id)
    case 22, 23:
      return .synced(
        target, random.pick(epochs), head: sequence(&random), mark: random.flip() ? sequence(&random) : nil)
    case 24: return .reset(target)
    case 25, 26:
      let first = random.number(0...200)
      let page = (0..<random.number(0...30)).map { offset in
        said(&random, in: target, sequence: random.number(0...30) == 0 ? sequence(&random) : first + offset)
      }
      return .older(target, page, hasMore: random.flip())
    case 27: return .marked(target, sequence(&random))
    case 28: return random.flip() ? .roomJoined(room(&random)) : .roomLeft(room(&random), reason: text)
    case 29: return .topic(room(&random), text)
    case 30:
      return .rooms(
        (0..<random.number(0...30)).map { _ in
          RoomListing(name: room(&random), people: sequence(&random), topic: random.text())
        })
    case 31, 32:
      let page = (0..<random.number(0...30)).map { _ in
        said(&random, in: self.target(&random), sequence: random.flip() ? sequence(&random) : nil)
      }
      return random.number(0...4) == 0
        ? .searchFailed(random.number(0...5), reason: text) : .found(random.number(0...5), page, hasMore: random.flip())
    case 33, 34: return .redacted(target, sequence(&random), by: name)
    case 35: return .administered(random.adminRequest(), random.adminAnswer())
    case 36: return .otherPerson(name)
    case 37: return .guest(name)
    case 38:
      guard random.number(0...3) == 0 else { return .marked(target, sequence(&random)) }
      return .distrusted(endpoint(&random), known: random.pin(), seen: random.flip() ? random.pin() : nil)
    default:
      return random.flip()
        ? .serverError(text)
        : .nameRefused(
          name, random.pick([.taken, .invalid, .reserved, .kept, .confusable]),
          suggestion: random.flip() ? random.name() : nil)
    }
  }

  /// Memory that may have been edited by hand.
  private func memory(_ random: inout SeededGenerator) -> InterfaceMemory {
    let tabs = (0..<random.number(0...5)).map { _ in
      RememberedTab(
        target: random.number(0...9) == 0 ? random.rawText() : target(&random).text,
        epoch: random.flip() ? random.pick(["e1", "", "two words"]) : nil,
        cursor: random.flip() ? sequence(&random) : nil, mark: random.flip() ? sequence(&random) : nil,
        head: random.flip() ? sequence(&random) : nil, isWhole: random.flip(),
        messages: (0..<random.number(0...20)).map { _ in
          RememberedMessage(
            author: random.number(0...9) == 0 ? random.rawText() : random.name().text, text: random.rawText(),
            time: Int64(sequence(&random)), sequence: random.flip() ? sequence(&random) : nil,
            isTopic: random.flip(), isOwn: random.flip(), isMention: random.flip(),
            isRemoved: random.pick([nil, false, true]))
        },
        draft: random.rawText(), history: (0..<random.number(0...3)).map { _ in random.rawText() })
    }
    let sends = (0..<random.number(0...4)).map { _ in
      RememberedSend(
        id: UInt64(random.number(1...40)), target: target(&random).text, text: random.rawText(),
        time: Int64(sequence(&random)), wasTransmitted: random.flip())
    }
    let ignored = (0..<random.number(0...6)).map { _ in random.flip() ? random.name().text : random.rawText() }
    return InterfaceMemory(
      tabs: tabs, current: sequence(&random), unconfirmed: sends, ignored: random.flip() ? ignored : nil)
  }

  private func preferences(_ random: inout SeededGenerator) -> Preferences {
    var preferences = Preferences()
    preferences.layout = random.pick(LayoutStyle.allCases)
    preferences.timeFormat = random.pick(TimeFormat.allCases)
    preferences.showsSidebar = random.pick([nil, false, true])
    preferences.hidesPresence = random.pick([nil, false, true])
    preferences.notifications.sendsTexts = random.flip()
    preferences.notifications.rooms = random.pick(NotificationLevel.allCases)
    preferences.notifications.directMessages = random.pick(NotificationLevel.allCases)
    preferences.notifications.words = (0..<random.number(0...3)).map { _ in random.rawText() }
    for _ in 0..<random.number(0...3) {
      preferences.notifications.levels[target(&random)] = random.pick(NotificationLevel.allCases)
    }
    preferences.servers = (0..<random.number(0...2)).map { _ in
      NamedServer(
        label: random.pick(["work", "home"]), link: ShareLink(endpoint: endpoint(&random)),
        autojoin: random.flip() ? [room(&random), .lobby] : [])
    }
    preferences.linesWithoutAsking = random.number(0...6)
    preferences.opensLinks = random.flip()
    (preferences.usesMouse, preferences.showsCandidates) = (random.flip(), random.flip())
    let changes = (0..<random.number(0...3)).map { _ in
      (random.pick(KeyBinding.all).action, random.flip() ? [] : [key(&random)])
    }
    preferences.keyMap = KeyMap(
      preset: random.pick(KeyPreset.allCases), changes: Dictionary(changes, uniquingKeysWith: { first, _ in first }))
    return preferences
  }

  /// Whole commands, which random keys would rarely form.
  private func line(_ random: inout SeededGenerator) -> String {
    let word = random.pick([
      "", "-", "#garden", "garden", "@zoe", "zoe", "a", "from:zoe a", "in:here a", "in:x", "zoe 7d spam", "zoe #garden",
      "10", "list", "e\u{301}va", "李雷", "192.0.2.0/24", "key:…", "remove A",
    ])
    return "/\(random.pick(SlashCommand.all).name) \(word)"
  }

  /// Those of the screen, sometimes with others that a recording could have.
  private func targets(_ random: inout SeededGenerator, of interface: Interface) -> MouseTargets {
    var targets = interface.render().mouseTargets
    guard random.number(0...9) == 0 else { return targets }
    let numbers = [Int.min, -1, 0, 1, 7, 1000, .max]
    for _ in 0..<3 {
      let area = Layout.Area(
        row: random.pick(numbers), column: random.pick(numbers), rows: random.pick(numbers),
        columns: random.pick(numbers))
      let subject: MouseSubject = random.pick([
        .item(random.pick(numbers)), .candidate(random.pick(numbers)), .link(random.rawText()),
        .author(name: random.name()), .tab(TabPlace(server: endpoint(&random), target: target(&random))),
      ])
      targets.add(subject, in: area)
    }
    return targets
  }

  private func mouse(_ random: inout SeededGenerator, over targets: MouseTargets) -> InterfaceEvent {
    let area = targets.areas.isEmpty || random.number(0...9) == 0 ? nil : random.pick(targets.areas).area
    let position =
      area.map { Screen.Position(row: $0.row, column: $0.column) }
      ?? Screen.Position(row: random.number(-2...70), column: random.number(-2...210))
    return .mouse(MouseEvent(random.pick([.press, .press, .wheelUp, .wheelDown]), at: position), over: targets)
  }

  private func event(_ random: inout SeededGenerator, over targets: MouseTargets) -> InterfaceEvent {
    switch random.number(0...28) {
    case 0: return .resized(Screen.Size(rows: random.number(1...60), columns: random.number(1...200)))
    case 1: return .paste((0..<random.number(1...8)).map { _ in random.rawText() }.joined(separator: "\n"))
    case 2: return .focused(random.flip())
    case 3:
      return .time(Timestamp(milliseconds: Timestamp.noon.milliseconds + Int64(random.number(-1000...10_000_000))))
    case 4:
      let event = random.flip() ? HostEvent.started(invitation: random.text()) : .failed(reason: random.text())
      return .server(endpoint(&random), .host(event))
    case 5...12: return .server(endpoint(&random), .client(network(&random)))
    case 13:
      return .opened(
        ServerOpening(endpoint(&random), as: random.name(), memory: memory(&random).checked, isShown: random.flip()))
    case 14: return .preferences(preferences(&random))
    case 26...28: return mouse(&random, over: targets)
    case 15, 16:
      let problem = random.flip() ? random.text() : nil
      return .composed(random.flip() ? .text(random.rawText(), problem: problem) : .unchanged(problem: problem))
    case 17: return random.number(0...3) == 0 ? .closed(endpoint(&random)) : .notice(random.text())
    default: return .key(key(&random))
    }
  }

  @Test(.computing)
  func `random input breaks neither the screen nor the program`() throws {
    var random = SeededGenerator()
    for _ in 0..<6 {
      let restored = memory(&random)
      var sessions = [
        Endpoint.local: ClientMemory(unconfirmed: restored.checked.unconfirmed.compactMap(\.message))
      ]
      var interface = Interface(
        settings: Interface.Settings(
          name: random.name(), endpoint: Endpoint(testing: "localhost:4000"), offersHost: random.flip(),
          firstSend: 1001,
          localOffset: { _ in 3600 }),
        size: Screen.Size(rows: random.number(1...60), columns: random.number(1...200)), now: .noon,
        memory: restored)
      func update(_ event: InterfaceEvent) {
        sessions.follow(event, interface.update(event), at: interface.now)
      }
      for _ in 0..<400 {
        let event = event(&random, over: targets(&random, of: interface))
        update(event)
        if random.number(0...14) == 0 {
          for character in line(&random) { update(.key(.character(character))) }
          update(.key(Key(.enter)))
        }
        if random.number(0...1) == 0 { interface.finishUpdates() }
        let screen = interface.render().screen
        try #require(screen.size == interface.size)
        try #require(isWhole(screen), "\(random) after \(event):\n\(screen.rows.joined(separator: "\n"))")
        // The cursor is always on the screen.
        let hasRoom = screen.size.rows >= Layout.smallestRows && screen.size.columns >= Layout.smallestColumns
        try #require((screen.cursor != nil) == hasRoom, "\(random) after \(event)")
        if let cursor = screen.cursor {
          try #require((0..<screen.size.rows).contains(cursor.row), "\(random)")
          try #require((0..<screen.size.columns).contains(cursor.column), "\(random)")
        }
        try #require(interface.tabs.tabs.indices.contains(interface.tabs.currentIndex), "\(random)")
        for tab in interface.tabs.tabs { try #require(isOrdered(tab), "\(random) after \(event)") }
        for server in interface.servers.servers {
          let unconfirmed = sessions[server.endpoint]?.unconfirmed ?? []
          try #require(Set(server.tabs.unconfirmed) == Set(unconfirmed), "\(random) after \(event)")
          let memory = try #require(interface.memory(of: server.endpoint, unconfirmed: unconfirmed))
          let difference = difference(memory.checked, memory)
          try #require(difference == nil, "\(random) after \(event)")
        }
      }
    }
  }

  @Test(.computing)
  func `events of one server never change the state of another, nor what is shown of it`() throws {
    var random = SeededGenerator()
    let servers = ["localhost:4000", "[2001:db8::7]:65535", "192.0.2.7:4000"].map(Endpoint.init(testing:))
    for _ in 0..<6 {
      var interface = Interface(
        settings: Interface.Settings(
          name: random.name(), endpoint: servers[0], firstSend: 1001, localOffset: { _ in 0 }),
        size: Screen.Size(rows: random.number(4...40), columns: random.number(20...130)), now: .noon,
        memory: memory(&random))
      for server in servers.dropFirst() {
        let opening = ServerOpening(
          server, as: random.name(), memory: memory(&random).checked, isShown: random.flip())
        _ = interface.update(.opened(opening))
      }
      for _ in 0..<300 {
        for _ in 0..<random.number(0...4) { _ = interface.update(.key(key(&random))) }
        interface.finishUpdates()
        let before = interface.servers
        let (rows, preferences) = (interface.render().screen.rows, interface.preferences)
        let server = random.pick(servers)
        let commands = interface.update(.server(server, .client(network(&random))))
        try #require(commands.allSatisfy { $0.server == server }, "\(random)")
        interface.finishUpdates()
        try #require(interface.servers.shownIndex == before.shownIndex && interface.preferences == preferences)
        for index in before.servers.indices where before[index].endpoint != server {
          try #require(interface.servers[index] == before[index], "\(random)")
        }
        // Only the tab bar and ways to other tabs tell of other servers.
        let top = before.shown.overlays.top
        if server != before.shown.endpoint, !(top is Switcher), !(top is TabNumberPrompt) {
          try #require(interface.render().screen.rows.dropFirst() == rows.dropFirst(), "\(random)")
        }
      }
    }
  }

  @Test(.computing)
  func `random input that was recorded is played to the same screens`() throws {
    var random = SeededGenerator()
    for _ in 0..<4 {
      let settings = Interface.Settings(
        name: random.name(), endpoint: Endpoint(testing: "localhost:4000"), offersHost: random.flip(), firstSend: 1001,
        preferences: preferences(&random),
        localOffset: { $0.milliseconds < Timestamp.noon.milliseconds - 3_600_000 ? 3600 : 7200 })
      let size = Screen.Size(rows: random.number(1...60), columns: random.number(1...200))
      // Only what can be shown is recorded.
      let memory = memory(&random).checked
      var interface = Interface(settings: settings, size: size, now: .noon, memory: memory)
      let start = try coded(Recording.Start(settings, size: size, now: .noon, memory: memory))
      var played = start.interface
      for _ in 0..<150 {
        let targets = targets(&random, of: interface)
        let events = (0..<random.number(0...3)).map { _ in event(&random, over: targets) }
        let time = Timestamp(milliseconds: Timestamp.noon.milliseconds + Int64(random.number(-1000...10_000_000)))
        let step = Recording.Step(time: time, events: events)
        interface.play(Recording.Step(time: time, events: events))
        played.play(try coded(step))
        try #require(interface.render() == played.render(), "\(random) after \(events)")
        try #require(interface.tabs == played.tabs, "\(random) after \(events)")
      }
    }
  }

  private func coded<Value: Codable>(_ value: Value) throws -> Value {
    try JSONDecoder().decode(Value.self, from: try JSONEncoder().encode(value))
  }

  /// The first difference, because a full description would be too long.
  private func difference(_ left: InterfaceMemory, _ right: InterfaceMemory) -> String? {
    if left == right { return nil }
    for (left, right) in zip(left.tabs, right.tabs) where left != right {
      for (left, right) in zip(left.messages, right.messages) where left != right { return "\(left)\n\(right)" }
      return "\(left)\n\(right)"
    }
    if left.ignored != right.ignored { return "\(left.ignored ?? [])\n\(right.ignored ?? [])" }
    if left.unconfirmed != right.unconfirmed { return "\(left.unconfirmed)\n\(right.unconfirmed)" }
    return "\(left.current) \(left.tabs.map(\.target))\n\(right.current) \(right.tabs.map(\.target))"
  }

  /// Whether ids and sequence numbers increase and message counts are right.
  private func isOrdered(_ tab: Tab) -> Bool {
    let entries = tab.transcript.entries
    let numbers = entries.compactMap(\.sequence)
    return zip(entries, entries.dropFirst()).allSatisfy { left, right in
      left.id < right.id && left.messageCount + right.body.messageCount == right.messageCount
    } && zip(numbers, numbers.dropFirst()).allSatisfy { $0 < $1 } && tab.transcript.firstSequence == numbers.first
      && (numbers.last.map { $0 <= tab.transcript.lastSequence ?? 0 } ?? true) && tab.unread >= 0
      && tab.mentions <= entries.count
  }

  /// Whether each cluster occupies exactly its cells.
  private func isWhole(_ screen: Screen) -> Bool {
    guard screen.cells.count == screen.size.rows * screen.size.columns else { return false }
    for row in 0..<screen.size.rows {
      var column = 0
      while column < screen.size.columns {
        guard let character = screen[row, column].character else { return false }
        let width = character.cellWidth
        guard width > 0, character.isDrawable, column + width <= screen.size.columns else { return false }
        for extra in 1..<max(width, 2) where extra < width && screen[row, column + extra].character != nil {
          return false
        }
        column += width
      }
    }
    return true
  }
}
