import ChatClient
import ChatModel
import ChatProtocol
import TestSupport
import Testing

/// Random server lines at random times, together with random commands of the user.
@Suite struct HostileServerTests {
  @Test(.computing, arguments: SeededGenerator.seeds(30))
  func `no server line traps or loses a message`(seed: UInt64) {
    var dice = Dice(seed: seed)
    let identity = Identity(secret: [UInt8](repeating: 5, count: Identity.bytes))
    var harness = ClientSessionHarness(seed: seed, identity: dice.roll(2) == 0 ? nil : identity)
    // Most connections negotiate all capabilities, and some lines are valid.
    let isModern = dice.roll(4) > 0
    var said: [SendID] = []
    var answers: [SendID: Int] = [:]
    harness.command(.connect(dice.roll(2) == 0 ? .home : .cluster, ClientMemory()))
    if isModern { harness.logIn(head: 20) }
    for _ in 1...1500 {
      switch dice.roll(14) {
      case 0 where isModern && dice.roll(3) > 0: harness.logIn(head: dice.roll(40))
      case 0: harness.handle(.opened(dice.pin(), dice.arrival()))
      case 1: harness.handle(.closed(reason: dice.roll(2) == 0 ? nil : "\u{1b}]0;gone\u{7}"))
      case 2: harness.handle(.failed(dice.failure(), earlier: (0..<dice.roll(4)).map { _ in dice.failure() }))
      case 3: said.append(harness.send(dice.text(), to: dice.roll(2) == 0 ? .lobby : .person(dice.name())))
      case 4: harness.command(dice.command())
      case 5: harness.advanceClock(by: .milliseconds(dice.roll(20_000)))
      case 6: harness.handle(.received(.failure(dice.roll(2) == 0 ? .invalidUTF8 : .malformedTags)))
      default: for _ in 0...dice.roll(6) { harness.handle(.received(.success(dice.line()))) }
      }
      for event in harness.takeEvents() {
        if let id = event.answers { answers[id, default: 0] += 1 }
        #expect(event.isFitToShow, "SWIFTCHAT_SEED=\(seed): \(event)")
      }
      harness.sent = []
      if let deadline = harness.session.nextDeadline {
        harness.handle(.timer)
        let next = harness.session.nextDeadline
        #expect(
          next.map { $0 > harness.now } ?? true, "SWIFTCHAT_SEED=\(seed): a timer that is always due: \(deadline)")
      }
    }
    harness.command(.quit)
    harness.advanceClock(by: .seconds(1))
    for event in harness.takeEvents() { if let id = event.answers { answers[id, default: 0] += 1 } }
    #expect(harness.hasEnded, "SWIFTCHAT_SEED=\(seed)")
    #expect(said.allSatisfy { answers[$0] == 1 }, "SWIFTCHAT_SEED=\(seed): each message has one outcome")
    #expect(answers.count == said.count, "SWIFTCHAT_SEED=\(seed)")
  }

  @Test(.computing, arguments: SeededGenerator.seeds(4))
  func `no sequence of server lines makes the session grow without bound`(seed: UInt64) {
    var dice = Dice(seed: seed)
    var harness = ClientSessionHarness.withAllCapabilities()
    for number in 1...4000 {
      switch dice.roll(16) {
      case 0: _ = harness.send("hi", to: .person(Nickname(known: "guest\(number)")))
      case 1: harness.command(dice.command())
      case 2 where dice.roll(40) == 0: harness.advanceClock(by: .milliseconds(dice.roll(20_000)))
      case 3 where dice.roll(200) == 0: harness.handle(.closed(reason: nil))
      case 4 where dice.roll(40) == 0: harness.logIn(head: dice.roll(40))
      default: for _ in 1...3 { harness.handle(.received(.success(dice.longLine(number)))) }
      }
      _ = harness.takeEvents()
      harness.sent = []
    }
    let size = stateSize(of: harness.session)
    #expect(size < 40 << 20, "SWIFTCHAT_SEED=\(seed): \(size >> 20) MiB")
  }

  @Test(.computing) func `the roster is bounded`() {
    var harness = ClientSessionHarness.tagged()
    for number in 1...20_100 { harness.receive("JOINED guest\(number)") }
    #expect(harness.takeEvents().count == 19_998)
    harness.command(.who)
    harness.receive("@label=3 BATCH +r who")
    for number in 1...20_100 { harness.receive("@batch=r USER guest\(number)") }
    harness.receive("BATCH -r")
    #expect(harness.takeEvents().first?.rosterNames?.count == 20_000)
  }

  @Test(.computing) func `rooms that were not joined are not tracked`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    for number in 1...3000 {
      harness.receive("SYNC #r\(number) e1 9", "@room=#r\(number);seq=9 MSG akash hi", "@room=#r\(number) JOINED akash")
      harness.receive("BATCH +b history #r\(number)", "@batch=b;seq=1 MSG akash hi", "BATCH -b", "RESET #r\(number) e2")
    }
    #expect(harness.takeEvents() == [])
    #expect(harness.takeSent() == [])
  }

  @Test func `the number of tracked users is bounded`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    for number in 1...1500 { harness.receive("SYNC @guest\(number) e1 0") }
    #expect(harness.takeEvents().count == 2000, "the first thousand conversations get a sync and an empty page each")
    harness.receive("@seq=1 DM guest1499 hi", "@seq=1 DM guest1499 hi")
    #expect(
      harness.takeEvents().compactMap(\.message).count == 2,
      "messages of an untracked conversation are reported at once")
  }

  @Test func `batches are bounded`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    // More batches at a time than any server needs: the later ones are ignored.
    for number in 1...20 { harness.receive("BATCH +b\(number) history #lobby") }
    for number in 1...20 { harness.receive("@batch=b\(number);seq=\(number + 5) MSG akash m\(number)") }
    for number in 1...20 { harness.receive("BATCH -b\(number)") }
    #expect(harness.takeEvents().compactMap(\.message).count == 16)

    var long = ClientSessionHarness.withAllCapabilities()
    long.receive("@seq=7 MSG akash seven", "@label=4 BATCH +p history #lobby")
    for number in 1...1500 { long.receive("@batch=p;seq=\(number + 5) MSG akash m\(number)") }
    long.receive("BATCH -p")
    #expect(long.takeEvents() == [], "a page that is too long is discarded")
    long.advanceClock(by: .seconds(5))
    #expect(long.takeSent().last == "@label=5 HISTORY #lobby AFTER 5 300")
  }

  @Test func `a batch that never ends is abandoned`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("@seq=7 MSG akash seven", "@label=4 BATCH +p history #lobby")
    for number in 1...40 {
      harness.receive("@batch=p;seq=6 MSG akash \(number)")
      harness.advanceClock(by: .seconds(1))
    }
    #expect(harness.sent.last == "@label=7 HISTORY #lobby AFTER 5 300", "\(harness.sent)")
  }

  @Test func `a server that always reports more history is not asked forever`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.receive("GAP #lobby 6 7")
    for _ in 1...50 {
      let label = harness.sent.last { $0.contains("HISTORY") }?.prefix { $0 != " " } ?? ""
      harness.sent = []
      harness.receive("\(label);more BATCH +p history #lobby", "@batch=p;seq=5 MSG akash five", "BATCH -p")
    }
    #expect(harness.sent == [])
  }

  @Test func `an endless roster is cut off`() {
    var harness = ClientSessionHarness.plain()
    harness.advanceClock(by: .seconds(5))
    for number in 1...30 {
      harness.receive("USER guest\(number)")
      harness.advanceClock(by: .milliseconds(100))
    }
    harness.advanceClock(by: .seconds(15))
    #expect(harness.events.allSatisfy { $0.rosterNames == nil }, "a roster without an end is discarded")
    harness.advanceClock(by: .seconds(5))
    // Three polls were sent. Lines before the last two PONGs do not answer the last WHO.
    harness.receive("USER guest31", "PONG", "USER guest32", "PONG", "USER neha", "USER mira", "PONG")
    #expect(harness.events.compactMap(\.rosterNames) == [["neha", "mira"]])
  }
}

/// Random lines, events and commands.
private struct Dice {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  /// A number from 0 up to, but not including, `sides`.
  mutating func roll(_ sides: Int) -> Int { random.number(0...sides - 1) }

  mutating func pick(_ words: [String]) -> String { words[roll(words.count)] }

  mutating func name() -> Nickname { Nickname(known: pick(["neha", "Neha", "akash", "mira", "neha2"])) }

  mutating func text() -> String {
    pick(["hi", "hi  there", "", " ", "a\nb", "\u{202e}x", String(repeating: "y", count: 5000), "hi"])
  }

  mutating func room() -> RoomName { RoomName(known: pick(["#lobby", "#dev", "#DEV", "#r\(roll(3000))"])) }

  mutating func target() -> Target { roll(2) == 0 ? .room(room()) : .person(name()) }

  /// Mostly plausible numbers, sometimes invalid ones.
  mutating func number() -> String {
    roll(8) == 0 ? pick(["0", "999999999999999999", "-1", "9999999999999999999", "x"]) : String(roll(40))
  }

  mutating func line() -> Line {
    var tags = Tags()
    if roll(2) == 0 { tags.label = String(roll(30)) }
    if roll(4) == 0 { tags.batch = pick(["r", "s", "t"]) }
    if roll(4) == 0 { tags.away = pick(["", "\u{1b}[2J"]) }
    if roll(4) == 0 { tags["time"] = pick(["2026-11-22T10:00:00.123Z", "0000-01-01T00:00:00Z", "rubbish"]) }
    if roll(2) == 0 { tags["seq"] = number() }
    if roll(3) == 0 { tags["id"] = number() }
    if roll(4) == 0 { tags["room"] = room().text }
    if roll(8) == 0 { tags["to"] = name().text }
    if roll(8) == 0 { tags["more"] = "" }
    if roll(8) == 0 { tags["mark"] = number() }
    if roll(6) == 0 { tags["token"] = pick(["t1", "t2", "", "a b"]) }
    if roll(6) == 0 { tags["again"] = "" }
    if roll(6) == 0 { tags["dup"] = "" }
    if roll(8) == 0 { tags["name"] = pick(["neha", "mira", "two words", ""]) }
    return Line(tags: tags, text: roll(2) == 0 ? plainText() : text(about: target()))
  }

  /// A long line with a new name each time.
  mutating func longLine(_ number: Int) -> Line {
    var line = line()
    let name = "guest\(number)"
    let text = String(repeating: "x", count: 20_000)
    line.text =
      switch roll(16) {
      case 0: "MSG \(name) \(text)"
      case 1: "DM \(name) \(text)"
      case 2: "SYNC @\(name) e1 \(roll(40))"
      case 3: "BATCH +b\(roll(30)) \(pick(["history", "who", "rooms", "search", "acts", "sanctions"])) #lobby"
      case 4: "JOINED \(name)"
      case 5: "AWAY \(name) \(text)"
      case 6: "TOPIC \(name) \(text)"
      case 7: "ROOM #\(name) 1 \(text)"
      case 8: "ACT 2026-11-22T10:00:00.000Z \(name) KICK mira \(text)"
      case 9: "ERR \(text)"
      case 10: "MOTD \(text)"
      case 11: "USER \(name)"
      case 12: "RESET @\(name) e\(roll(3))"
      case 13: "MARK @\(name) 7"
      case 14: "USERS \((1...500).map { "u\(number)x\($0)" }.joined(separator: ", "))"
      default: text
      }
    if roll(2) == 0 { line.tags.batch = "b\(roll(30))" }
    return line
  }

  private mutating func plainText() -> String {
    let verb = pick([
      "OK", "OK LOGIN", "OK RESUME", "OK MSG", "OK DM", "OK SAY", "OK JOIN", "OK PART", "OK MARK", "ERR",
      "ERR username-taken", "ERR user-not-found", "ERR unknown-command", "ERR invalid-token RESUME", "ERR not-in-room",
      "ERR history-unavailable HISTORY", "ERR storage-unavailable MSG", "MSG", "MSG neha", "MSG akash", "DM neha",
      "DM akash", "DM", "TOPIC", "TOPIC akash", "USER", "USERS", "PONG", "INFO", "INFO akash disconnected", "JOINED",
      "LEFT", "AWAY", "BACK", "CAP ACK tags presence rooms history resume marks moderation lines",
      "CAP ACK tags presence",
      "CAP ACK tags", "CAP ACK", "CAP NAK", "CAP LS tags presence history", "BATCH +r who", "BATCH +s who", "BATCH -r",
      "BATCH -s", "BATCH -t", "BATCH +r search", "BATCH +s rooms", "BATCH", "MOTD", "BYE server-shutting-down",
      "BYE taken-over", "BYE kicked \u{1b}out", "BYE banned", "ERR username-reserved LOGIN", "ERR banned",
      "ERR muted MSG", "CAP ACK tags presence rooms history resume marks keys moderation", "CHALLENGE", challenge(),
      "OK BAN", "OK CREATE", "ERR not-operator", "ERR invalid-proof", "KEY", "SANCTION mute @mira * akash",
      "OPERATOR akash", "ACT", "ACT 2026-11-22T10:00:00.000Z akash KICK mira \u{1b}", "BATCH +r sanctions",
      "BATCH +s acts", "SYNC", "GAP", "RESET", "MARK", "ROOM", "\u{1b}[2J", "",
    ])
    let rest = pick([
      "", " hi", " neha", " akash", " a, b, neha", " a\u{300}\u{300}\u{9b}", " \u{202e}\u{200b}", " hi  there",
    ])
    return verb + rest
  }

  private mutating func text(about target: Target) -> String {
    switch roll(8) {
    case 0, 1: "SYNC \(target) \(pick(["e1", "e1", "e1", "e2"])) \(number())"
    case 2: "GAP \(target) \(number()) \(number())"
    case 3: roll(4) == 0 ? "RESET \(target) \(pick(["e1", "e2"]))" : "MARK \(target) \(number())"
    case 4, 5: "BATCH +\(pick(["r", "s", "t"])) history \(target)"
    case 6: roll(2) == 0 ? "ROOM \(room()) \(number()) \u{1b}topic" : "REMOVED \(target) \(number()) akash"
    default: "MSG \(name()) hi"
    }
  }

  mutating func command() -> ClientCommand {
    switch roll(20) {
    case 16, 17: .admin(administering())
    case 18: .trust(Pin(known: 1))
    case 0: .who
    case 1: .ping
    case 2: .away(roll(2) == 0 ? nil : text())
    case 3: .useName(name())
    case 4: .connect(roll(2) == 0 ? .home : .elsewhere, memory())
    case 5, 6: .join(room())
    case 7: .part(room())
    case 8: roll(2) == 0 ? .listRooms : .readHistory(roll(9), target(), .after(roll(99)), limit: roll(300))
    case 9: .setTopic(room(), roll(2) == 0 ? nil : text())
    case 10, 11: .showOlder(target())
    case 12: .search(roll(9), in: roll(2) == 0 ? nil : target(), text: text(), before: roll(2) == 0 ? nil : roll(99))
    case 13: .markRead(target(), roll(2) == 0 ? .max : roll(40))
    default: .retryNow
    }
  }

  mutating func administering() -> AdminRequest {
    switch roll(6) {
    case 0: .listActs(limit: 9)
    case 1: .listSanctions
    case 2: .create(room())
    case 3: .admit(uses: 1, for: .forever)
    case 4: .listKeys
    default: .kick(name(), reason: text())
    }
  }

  /// One of two pins, or nil for a plain text connection.
  mutating func pin() -> Pin? { roll(3) == 0 ? Pin(known: UInt8(roll(2) + 1)) : nil }

  mutating func failure() -> ConnectionFailure {
    var failure: ConnectionFailure =
      switch roll(5) {
      case 0: .plain(nil)
      case 1: .plain(pick(["ERR too-many-attempts \u{1b}[2J", "ERR banned", "rubbish\u{202e}", "MSG neha hi"]))
      case 2: ConnectionFailure(.untrusted(Pin(known: 2)), reason: "other")
      default: ConnectionFailure(.refused, reason: "refused")
      }
    if roll(3) > 0 { failure.record = record() }
    return failure
  }

  private mutating func record() -> HostRecord {
    let hosts = Endpoint.cluster.hosts
    return HostRecord(host: hosts[roll(hosts.count)], address: roll(4) == 0 ? nil : "192.0.2.\(roll(500))")
  }

  mutating func arrival() -> Arrival? {
    guard roll(4) > 0 else { return nil }
    return Arrival(
      record: record(), siblings: (0..<roll(3)).map { _ in record() }, failures: (0..<roll(3)).map { _ in failure() })
  }

  private mutating func challenge() -> String { "CHALLENGE \(LoginChallenge(known: UInt8(roll(200))).text)" }

  private mutating func memory() -> ClientMemory {
    let cursors = (0..<roll(5)).map { _ in Cursor(target: target(), epoch: Epoch(known: "e1"), sequence: .max) }
    return ClientMemory(
      token: roll(2) == 0 ? nil : pick(["t0", "", "a b"]), pin: roll(4) == 0 ? pin() : nil,
      invitation: roll(2) == 0 ? nil : text(), cursors: cursors)
  }
}

extension ClientEvent {
  /// Whether the texts contain neither control characters nor characters that reorder text.
  fileprivate var isFitToShow: Bool {
    let texts: [String]
    switch self {
    case .message(let message): texts = [message.text]
    case .sendFailed(_, let reason, _): texts = [reason]
    case .roster(_, let people): texts = people.compactMap(\.away)
    case .left(_, _, let text), .away(_, let text), .notice(let text), .messageOfTheDay(let text),
      .serverError(let text), .topic(_, let text), .searchFailed(_, let text), .historyFailed(_, let text),
      .joinFailed(_, let text), .nameKept(_, _, let text):
      texts = [text]
    case .older(_, let messages, _), .found(_, let messages, _, _), .history(_, let messages, _):
      texts = messages.map(\.text)
    case .rooms(let rooms): texts = rooms.map(\.topic)
    case .roomsFailed(let reason), .roomsUnanswered(let reason, _): texts = [reason]
    case .roomLeft(_, let reason): texts = [reason ?? ""]
    case .administered(_, let answer):
      switch answer {
      case .done(let code, _, _): texts = [code ?? ""]
      case .keys(let keys): texts = keys.map(\.label)
      case .sanctions(let sanctions): texts = sanctions.map(\.reason)
      case .operators: texts = []
      case .acts(let acts): texts = acts.flatMap { [$0.subject, $0.text] }
      case .refused(let reason): texts = [reason]
      }
    case .offline(let outage): texts = [outage.reason]
    case .connecting, .reached, .online, .lag, .sending, .addressed, .sendConfirmed, .joined, .guest, .otherPerson,
      .back, .operatorChanged,
      .nameRefused,
      .token, .synced, .reset, .continued, .marked, .roomJoined, .noticed, .pinned, .distrusted, .redacted:
      texts = []
    }
    return texts.allSatisfy { DisplayText.sanitize($0) == $0 }
  }
}
