import ChatClient
import ChatProtocol
import Testing

/// A server that says anything, at any time, to a client whose person does anything.
@Suite struct HostileServerTests {
  @Test(arguments: 1...40 as ClosedRange<UInt64>)
  func nothingThatItSaysTrapsOrLosesAMessage(seed: UInt64) {
    var dice = Dice(seed: seed)
    var play = Play(seed: seed)
    var said: [SendID] = []
    var answers: [SendID: Int] = [:]
    play.command(.connect(.home, ClientMemory()))
    for _ in 1...1500 {
      switch dice.roll(14) {
      case 0: play.handle(.opened)
      case 1: play.handle(.closed(reason: dice.roll(2) == 0 ? nil : "\u{1b}]0;gone\u{7}"))
      case 2: play.handle(.failed(ConnectionFailure(.refused, reason: "refused")))
      case 3: said.append(play.say(dice.text(), to: dice.roll(2) == 0 ? .lobby : .person(dice.name())))
      case 4: play.command(dice.command())
      case 5: play.pass(.milliseconds(dice.roll(20_000)))
      case 6: play.handle(.received(.failure(dice.roll(2) == 0 ? .invalidUTF8 : .malformedTags)))
      default: for _ in 0...dice.roll(6) { play.handle(.received(.success(dice.line()))) }
      }
      for event in play.takeEvents() {
        if let id = event.answers { answers[id, default: 0] += 1 }
        #expect(event.isFitToShow, "seed \(seed): \(event)")
      }
      play.sent = []
      if let deadline = play.session.nextDeadline {
        play.handle(.timer)
        let next = play.session.nextDeadline
        #expect(next.map { $0 > play.now } ?? true, "seed \(seed): a timer that is always due: \(deadline)")
      }
    }
    play.command(.quit)
    play.pass(.seconds(1))
    for event in play.takeEvents() { if let id = event.answers { answers[id, default: 0] += 1 } }
    #expect(play.hasEnded, "seed \(seed)")
    #expect(said.allSatisfy { answers[$0] == 1 }, "seed \(seed): each message has one outcome")
    #expect(answers.count == said.count, "seed \(seed)")
  }

  @Test func theRosterIsBounded() {
    var play = Play.tagged()
    for number in 1...20_100 { play.server("JOINED guest\(number)") }
    #expect(play.takeEvents().count == 19_998)
    play.command(.who)
    play.server("@label=3 BATCH +r who")
    for number in 1...20_100 { play.server("@batch=r USER guest\(number)") }
    play.server("BATCH -r")
    #expect(play.takeEvents().first?.rosterNames?.count == 20_000)
  }

  @Test func anEndlessRosterEnds() {
    var play = Play.plain()
    play.pass(.seconds(5))
    for number in 1...30 {
      play.server("USER guest\(number)")
      play.pass(.milliseconds(100))
    }
    #expect(play.events.contains { $0.rosterNames != nil })
  }
}

/// Chance, from a seed.
private struct Dice {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  /// 0 up to, but not including, `sides`.
  mutating func roll(_ sides: Int) -> Int {
    // Knuth's MMIX generator, its high bits.
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return Int(state >> 33) % sides
  }

  mutating func pick(_ words: [String]) -> String { words[roll(words.count)] }

  mutating func name() -> Nickname { Nickname(known: pick(["neha", "Neha", "akash", "mira", "neha2"])) }

  mutating func text() -> String {
    pick(["hi", "hi  there", "", " ", "a\nb", "\u{202e}x", String(repeating: "y", count: 5000), "hi"])
  }

  mutating func line() -> Line {
    var tags = Tags()
    if roll(2) == 0 { tags.label = String(roll(30)) }
    if roll(4) == 0 { tags.batch = pick(["r", "s"]) }
    if roll(4) == 0 { tags.away = pick(["", "\u{1b}[2J"]) }
    if roll(4) == 0 { tags["time"] = pick(["2026-11-22T10:00:00.123Z", "0000-01-01T00:00:00Z", "rubbish"]) }
    let verb = pick([
      "OK", "OK LOGIN", "OK MSG", "OK DM", "ERR", "ERR username-taken", "ERR user-not-found", "ERR unknown-command",
      "MSG", "MSG neha", "MSG akash", "DM neha", "DM", "USER", "USERS", "PONG", "INFO", "INFO akash disconnected",
      "JOINED", "LEFT", "AWAY", "BACK", "CAP ACK tags presence", "CAP ACK tags", "CAP ACK", "CAP NAK", "BATCH +r who",
      "BATCH +s who", "BATCH -r", "BATCH -s", "BATCH", "MOTD", "BYE server-shutting-down", "\u{1b}[2J", "",
    ])
    let rest = pick([
      "", " hi", " neha", " akash", " a, b, neha", " a\u{300}\u{300}\u{9b}", " \u{202e}\u{200b}", " hi  there",
    ])
    return Line(tags: tags, text: verb + rest)
  }

  mutating func command() -> ClientCommand {
    switch roll(7) {
    case 0: .who
    case 1: .ping
    case 2: .away(roll(2) == 0 ? nil : text())
    case 3: .useName(name())
    case 4: .connect(roll(2) == 0 ? .home : .elsewhere, ClientMemory())
    default: .retryNow
    }
  }
}

extension ClientEvent {
  /// No control character and nothing that reorders text.
  fileprivate var isFitToShow: Bool {
    let texts: [String]
    switch self {
    case .message(let post): texts = [post.text]
    case .sendFailed(_, let reason): texts = [reason]
    case .roster(_, let people): texts = people.compactMap(\.away)
    case .left(_, _, let text), .away(_, let text), .notice(let text), .messageOfTheDay(let text),
      .serverError(let text), .topic(_, let text), .searchFailed(_, let text):
      texts = [text]
    case .older(_, let posts, _), .found(_, let posts, _): texts = posts.map(\.text)
    case .rooms(let rooms): texts = rooms.map(\.topic)
    case .roomLeft(_, let reason): texts = [reason ?? ""]
    case .offline(let outage): texts = [outage.reason]
    case .connecting, .online, .lag, .sending, .sendConfirmed, .joined, .back, .nameRefused, .token, .synced, .reset,
      .marked, .roomJoined:
      texts = []
    }
    return texts.allSatisfy { DisplayText.sanitize($0) == $0 }
  }
}
