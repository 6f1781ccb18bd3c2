import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import swiftchat

/// The output of `swiftchat tail` for a model of a server's log, over pages, lost connections and replaced logs.
@Suite struct TailTaskTests {
  /// A log that answers the requests of a task.
  struct Log {
    var epoch = "e1"
    var messages: [Target: [ChatMessage]] = [:]
    private var ids = 0

    mutating func say(_ count: Int = 1, in target: Target = .lobby) {
      for _ in 0..<count {
        ids += 1
        let sequence = (messages[target]?.last?.sequence ?? 0) + 1
        messages[target, default: []].append(
          ChatMessage(
            target: target, author: .neha, text: "\(target) \(sequence)",
            time: Timestamp(milliseconds: Int64(ids) * 1000),
            isOwn: false, sequence: sequence, id: ids))
      }
    }

    func head(of target: Target) -> Int { messages[target]?.last?.sequence ?? 0 }

    func sync(_ target: Target = .lobby) throws -> ClientEvent {
      .synced(target, try #require(Epoch(epoch)), head: head(of: target), mark: nil)
    }

    /// Answers history requests until there are none.
    func answer(_ stage: inout ScriptStage<TailTask>, _ actions: inout [ScriptAction]) {
      while true {
        let new = stage.take()
        actions += new
        let requests = new.compactMap { action -> ClientCommand? in
          if case .command(let command) = action { command } else { nil }
        }
        var isDone = true
        for case .readHistory(let number, let target, let range, let limit) in requests {
          isDone = false
          let all = messages[target] ?? []
          var page: ArraySlice<ChatMessage>
          var hasMore = false
          switch range {
          case .after(let sequence):
            page = all.filter { ($0.sequence ?? 0) > sequence }[...]
            hasMore = page.count > min(limit, 7)
            page = page.prefix(min(limit, 7))
          case .latest: page = all.suffix(limit)
          case .before: page = []
          }
          stage.hear(.history(number, Array(page), hasMore: hasMore))
        }
        if isDone { return }
      }
    }
  }

  private func stage(
    _ targets: [Target] = [.lobby], start: TailStart = .last(10), follows: Bool = false,
    firstRun: Timestamp = Timestamp(milliseconds: 0), positions: [TailPosition] = [], direct: Bool = false
  ) -> ScriptStage<TailTask> {
    var settings = TailTask.Settings(
      targets: targets, includesDirect: direct, follows: follows, start: start, positions: positions,
      firstRun: firstRun, format: TailFormat(isJSON: false, server: "192.0.2.7:4000"))
    settings.needsLog = !positions.isEmpty
    return ScriptStage(TailTask(settings, link: .home))
  }

  private func texts(_ actions: [ScriptAction]) -> [String] {
    actions.compactMap { action in
      guard case .print(let line) = action else { return nil }
      return line.text.split(separator: " ").suffix(2).joined(separator: " ")
    }
  }

  private func expected(_ range: ClosedRange<Int>, in target: Target = .lobby) -> [String] {
    range.map { "\(target) \($0)" }
  }

  @Test(arguments: [0, 1, 3, 10, 100])
  func `without --follow it prints the last messages and ends`(count: Int) throws {
    var log = Log()
    log.say(40)
    var stage = stage(start: .last(count))
    var actions: [ScriptAction] = []
    stage.hear(.connected, try log.sync())
    log.answer(&stage, &actions)
    #expect(texts(actions) == log.messages[.lobby].map { $0.suffix(count).map(\.text) })
    #expect(actions.last == .end(.success))
  }

  @Test func `an empty conversation is printed at once`() throws {
    var stage = stage()
    stage.hear(.connected, try Log().sync())
    #expect(stage.end == .success)
  }

  @Test func `--since begins with the first message at that time`() throws {
    var log = Log()
    log.say(100)
    for since in [0, 1000, 1001, 50_500, 99_000, 100_000, 100_001] as [Int64] {
      var stage = stage(start: .since(Timestamp(milliseconds: since)))
      var actions: [ScriptAction] = []
      stage.hear(.connected, try log.sync())
      log.answer(&stage, &actions)
      let first = Int((since + 999) / 1000)
      #expect(texts(actions) == (first > 100 ? [] : expected(max(first, 1)...100)), "since \(since)")
      #expect(actions.count { if case .command = $0 { true } else { false } } < 30)
    }
  }

  @Test func `without --follow it ends at the head that the server named, although each page says more`() throws {
    for start in [TailStart.last(500), .since(Timestamp(milliseconds: 0))] {
      var log = Log()
      log.say(3)
      var stage = stage(start: start)
      stage.hear(.connected, try log.sync())
      log.say(100)
      var actions: [ScriptAction] = []
      for _ in 0..<50 {
        let new = stage.take()
        actions += new
        for case .command(.readHistory(let number, _, .after(let sequence), _)) in new {
          let next = log.messages[.lobby]?.first { $0.sequence == sequence + 1 }
          stage.hear(.history(number, next.map { [$0] } ?? [], hasMore: true))
        }
      }
      #expect(texts(actions) == expected(1...3))
      #expect(actions.last == .end(.success))
    }
  }

  @Test func `without --follow the head of a later connection does not move the end`() throws {
    var log = Log()
    log.say(20)
    var stage = stage(start: .last(20))
    stage.hear(.connected, try log.sync())
    log.say(20)
    stage.hear(.lost(), .connected, try log.sync())
    var actions: [ScriptAction] = []
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(1...20))
    #expect(actions.last == .end(.success))
  }

  @Test func `without --follow a server that hangs up after each answer does not extend the time forever`() throws {
    var log = Log()
    log.say(100)
    var stage = stage(start: .since(Timestamp(milliseconds: 50_500)))
    var end: ScriptEnd?
    for _ in 0..<1000 where end == nil {
      stage.hear(.connected, try log.sync())
      for case .command(.readHistory(let number, _, .after(let sequence), _)) in stage.take() {
        let page = log.messages[.lobby]?.dropFirst(sequence).prefix(1) ?? []
        stage.hear(.history(number, Array(page), hasMore: true))
      }
      stage.hear(.lost())
      stage.pass(.seconds(1))
      end = stage.end
    }
    #expect(end?.status == .noConnection)
  }

  @Test func `without --follow a log that is replaced during the run ends it`() throws {
    var log = Log()
    log.say(30)
    var stage = stage(start: .last(30))
    stage.hear(.connected, try log.sync())
    log.epoch = "e2"
    stage.hear(try log.sync())
    #expect(stage.end?.status == .noConnection)
  }

  @Test func `several conversations are printed in the order of the server`() throws {
    var log = Log()
    let (dev, person) = (Target.room(.dev), Target.person(.neha))
    for _ in 1...10 { for target in [.lobby, dev, person] { log.say(in: target) } }
    var stage = stage([dev, .lobby, person], start: .last(100))
    var actions: [ScriptAction] = []
    stage.hear(.connected, try log.sync(), try log.sync(person))
    log.answer(&stage, &actions)
    // Nothing is printed before the first messages of the room are known.
    #expect(texts(actions) == [])
    stage.hear(.rooms([RoomListing(name: .dev, people: 1, topic: "")]))
    log.answer(&stage, &actions)
    #expect(actions.contains(.command(.join(.dev))))
    stage.hear(.roomJoined(.dev), try log.sync(dev))
    log.answer(&stage, &actions)
    #expect(texts(actions) == (1...10).flatMap { n in [Target.lobby, dev, person].map { "\($0) \(n)" } })
  }

  @Test func `a room that does not exist is not created`() throws {
    var stage = stage([.room(.dev)])
    stage.hear(.connected, .rooms([RoomListing(name: .lobby, people: 1, topic: "")]))
    #expect(stage.end?.status == .nobody)
    #expect(!stage.take().contains(.command(.join(.dev))))
  }

  @Test(arguments: [false, true])
  func `a room is not joined before the list has arrived, also after a lost connection`(follows: Bool) throws {
    var stage = stage([.room(.dev)], follows: follows)
    stage.hear(.connected, .brokenOff, .lost(), .connected)
    #expect(stage.takeCommands() == [.listRooms, .listRooms])
    stage.hear(.notAnswered)
    #expect(stage.takeCommands() == [.listRooms])
    stage.hear(.rooms([RoomListing(name: .dev, people: 1, topic: "")]))
    #expect(stage.takeCommands() == [.join(.dev)])
  }

  @Test func `a person who does not exist is an error, and one without messages is not`() throws {
    var stage = stage([.person(.neha)])
    stage.hear(.connected)
    let requests = stage.takeCommands()
    #expect(requests == [.readHistory(1, .person(.neha), .latest, limit: 1)])
    var other = stage
    stage.hear(.history(1, [], hasMore: false))
    #expect(stage.end == .success)
    other.hear(.historyFailed(1, reason: ErrorCode.userNotFound.explanation))
    #expect(other.end?.status == .nobody)
  }

  @Test func `a page that cannot be read is requested again`() throws {
    var log = Log()
    log.say(3)
    var stage = stage()
    stage.hear(.connected, try log.sync(), .historyFailed(1, reason: "The disk is broken."))
    #expect(stage.takeCommands().count == 1)
    stage.pass(.seconds(1))
    var actions: [ScriptAction] = []
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(1...3))
  }

  @Test func `the time limit for a page does not include the wait for a slow reader of the output`() throws {
    var log = Log()
    log.say(10)
    var stage = stage()
    stage.hear(.connected, try log.sync())
    #expect(stage.takeCommands().count == 1)
    let first = try #require(log.messages[.lobby]?.prefix(7))
    stage.hear(.history(1, Array(first), hasMore: true))
    try stage.printLines(taking: .seconds(60))
    #expect(stage.end == nil)
    #expect(stage.takeLines().count == 7)
    stage.pass(.seconds(29))
    #expect(stage.end == nil)
    stage.pass(.seconds(1))
    #expect(stage.end == ScriptEnd(.noConnection, "192.0.2.7:4000 did not answer within 30 s"))
  }

  @Test func `messages that the session leaves out because there are too many are read from the log`() throws {
    var log = Log()
    log.say(5)
    var stage = stage(follows: true)
    var actions: [ScriptAction] = []
    stage.hear(.connected, try log.sync())
    log.answer(&stage, &actions)
    // After a gap the session continues at the end of the conversation.
    log.say(995)
    let newest = try #require(log.messages[.lobby]?.suffix(100))
    stage.hear(.reset(.lobby), .older(.lobby, Array(newest), hasMore: true))
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(1...1000))
    // On the same connection, the server reports another head.
    log.say(400)
    stage.hear(.reset(.lobby), try log.sync(), .older(.lobby, [], hasMore: true))
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(1...1400))
  }

  @Test func `messages that the session leaves out are read from the log although its own page fails`() throws {
    var log = Log()
    log.say(5)
    var stage = stage(follows: true)
    var actions: [ScriptAction] = []
    stage.hear(.connected, try log.sync())
    log.answer(&stage, &actions)
    log.say(995)
    stage.hear(.reset(.lobby), .older(.lobby, [], hasMore: true))
    #expect(stage.takeCommands() == [.readHistory(2, .lobby, .latest, limit: 1)])
    stage.hear(.historyFailed(2, reason: "The disk is broken."))
    stage.pass(.seconds(1))
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(1...1000))
  }

  @Test func `following goes on although a person whose messages are left out has gone`() throws {
    var log = Log()
    let person = Target.person(.neha)
    log.say(5, in: person)
    var stage = stage([person], follows: true)
    var actions: [ScriptAction] = []
    stage.hear(.connected, try log.sync(person))
    log.answer(&stage, &actions)
    log.say(300, in: person)
    stage.hear(.reset(person))
    #expect(stage.takeCommands() == [.readHistory(3, person, .latest, limit: 1)])
    stage.hear(.historyFailed(3, reason: ErrorCode.userNotFound.explanation))
    #expect(stage.end == nil)
    #expect(stage.takeCommands() == [])
    // The person is back.
    log.say(in: person)
    stage.hear(.message(try #require(log.messages[person]?.last)))
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(1...306, in: person))
  }

  @Test func `a server without a log can only be followed`() throws {
    var stage = stage()
    stage.hear(.plain)
    #expect(stage.end?.status == .refused)
    var following = self.stage(follows: true)
    let message = ChatMessage(
      target: .lobby, author: .neha, text: "hi", time: Timestamp(milliseconds: 0), isOwn: false)
    following.hear(.plain, .message(message))
    #expect(following.takeLines() == ["1970-01-01T00:00:00Z #lobby neha: hi"])
    following.pass(.seconds(100))
    #expect(following.end == nil)
  }

  @Test func `random histories, live messages, lost links and restarts: each message once and in order`() throws {
    for seed in SeededGenerator.seeds(200) {
      var random = SeededGenerator(seed: seed)
      var log = Log()
      let targets: [Target] = [.lobby, .person(.neha)]
      for target in targets { log.say(random.number(0...20), in: target) }
      let heads = targets.map { log.head(of: $0) }
      var stage = stage(targets, start: .last(0), follows: true)
      var actions: [ScriptAction] = []
      stage.hear(.connected)
      for target in targets { stage.hear(try log.sync(target)) }
      log.answer(&stage, &actions)
      for _ in 0..<30 {
        let target = targets[random.number(0...1)]
        switch random.number(0...5) {
        case 0:
          stage.hear(.lost())
          log.say(random.number(0...20), in: target)
          log.epoch = "e\(random.number(10...1_000_000))"
          stage.hear(.connected)
          // The sequence numbers stay valid, with and without a reset.
          for target in targets {
            stage.hear(.continued(target, try #require(Epoch(log.epoch))))
            if random.number(0...1) == 0 { stage.hear(.reset(target)) }
            stage.hear(try log.sync(target))
          }
        case 1: log.say(random.number(1...10), in: target)
        case 2: log.answer(&stage, &actions)
        default:
          log.say(in: target)
          if let message = log.messages[target]?.last { stage.hear(.message(message)) }
        }
      }
      stage.hear(.lost(), .connected)
      for target in targets { stage.hear(try log.sync(target)) }
      log.answer(&stage, &actions)
      for (target, head) in zip(targets, heads) {
        let printed = texts(actions).filter { $0.hasPrefix("\(target) ") }
        let all = log.messages[target]?.dropFirst(head).map(\.text) ?? []
        #expect(printed == all, "\(random)")
        if printed != all { return }
      }
    }
  }

  // MARK: Positions

  @Test func `a later run begins after the position, or by time if the log was replaced`() throws {
    var log = Log()
    log.say(30)
    let position = TailPosition(
      target: .lobby, epoch: try #require(Epoch("e1")), sequence: 12, time: Timestamp(milliseconds: 12_000))
    var same = stage(positions: [position])
    var actions: [ScriptAction] = []
    same.hear(.connected, try log.sync())
    log.answer(&same, &actions)
    #expect(texts(actions) == expected(13...30))
    let last = actions.compactMap { if case .print(let line) = $0 { line.position } else { nil } }.last
    #expect(last?.sequence == 30)

    // After a restart of the server the session says that the numbers are the same, or not.
    log.epoch = "e2"
    for isSame in [true, false] {
      var other = stage(positions: [position])
      actions = []
      other.hear(.connected)
      if isSame { other.hear(.continued(.lobby, try #require(Epoch("e2")))) }
      other.hear(try log.sync())
      log.answer(&other, &actions)
      #expect(texts(actions) == expected(13...30))
      #expect(actions.contains { if case .note = $0 { true } else { false } } == !isSame)
      #expect(actions.contains { if case .reached = $0 { true } else { false } } == !isSame)
    }
  }

  @Test func `skipped messages are not printed if the log is replaced before the first one is printed`() throws {
    var known = Log()
    known.say(30)
    let position = TailPosition(target: .lobby, epoch: try #require(Epoch("e1")), sequence: 30)
    for positions in [[], [position]] {
      var stage = stage(
        start: .last(0), follows: true, firstRun: Timestamp(milliseconds: 30_500), positions: positions)
      var actions: [ScriptAction] = []
      stage.hear(.connected, try known.sync())
      known.answer(&stage, &actions)
      var log = Log()
      log.epoch = "e2"
      log.say(20)
      stage.hear(.lost(), .connected, try log.sync())
      log.answer(&stage, &actions)
      #expect(texts(actions) == [])
      log.say()
      stage.hear(.message(try #require(log.messages[.lobby]?.last)))
      log.answer(&stage, &actions)
      #expect(texts(actions) == expected(21...21))
    }
    // The known conversation was empty, perhaps by mistake: only messages since the start are new.
    var empty = stage(start: .last(0), follows: true, firstRun: Timestamp(milliseconds: 2500))
    var actions: [ScriptAction] = []
    empty.hear(.connected, try Log().sync())
    var log = Log()
    log.epoch = "e2"
    log.say(3)
    empty.hear(.lost(), .connected, try log.sync())
    log.answer(&empty, &actions)
    #expect(texts(actions) == expected(3...3))
  }

  @Test func `a lost connection during the search in a replaced log begins the search again`() throws {
    var log = Log()
    log.epoch = "e2"
    log.say(30)
    let position = TailPosition(
      target: .lobby, epoch: try #require(Epoch("e1")), sequence: 12, time: Timestamp(milliseconds: 12_000))
    var stage = stage(start: .last(0), positions: [position])
    var actions: [ScriptAction] = []
    stage.hear(.connected, try log.sync(), .lost(), .connected, try log.sync())
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(13...30))
  }

  @Test func `the place where a first run begins is recorded before the first line`() throws {
    var log = Log()
    log.say(30)
    var stage = stage(start: .last(5), follows: true)
    stage.hear(.connected, try log.sync())
    let epoch = try #require(Epoch("e1"))
    #expect(stage.take().first == .reached(TailPosition(target: .lobby, epoch: epoch, sequence: 25)))
  }

  @Test func `direct conversations are found when they are announced`() throws {
    var log = Log()
    let person = Target.person(.neha)
    log.say(in: person)
    var stage = stage([], follows: true, direct: true)
    var actions: [ScriptAction] = []
    stage.hear(.connected, try log.sync(.lobby), try log.sync(person))
    log.answer(&stage, &actions)
    log.say(in: .lobby)
    log.say(in: person)
    for message in log.messages.values.compactMap(\.last) { stage.hear(.message(message)) }
    log.answer(&stage, &actions)
    #expect(texts(actions) == expected(1...2, in: person))
  }

  // MARK: Lines

  @Test func `a line has no control characters and no second line`() throws {
    let format = TailFormat(isJSON: false, server: "s")
    func line(_ text: String, _ kind: MessageKind = .text) throws -> String {
      try format.line(
        of: ChatMessage(
          target: .room(.dev), kind: kind, author: .neha, text: text, time: Timestamp(milliseconds: 1_799_999_999_999),
          isOwn: false))
    }
    let start = "2027-01-15T07:59:59Z #dev "
    #expect(try line("a\u{1b}[2J\nb") == start + "neha: a\u{fffd}[2J ⏎ b")
    #expect(try line("/me waves") == start + "* neha waves")
    #expect(try line("new", .topic) == start + "* neha set the topic: new")
    #expect(try line("", .topic) == start + "* neha removed the topic")
    #expect(try line("", .redacted) == start + "neha: (removed)")
  }

  @Test func `a JSON line has the documented fields`() throws {
    let format = TailFormat(isJSON: true, server: "192.0.2.7:4000")
    let message = ChatMessage(
      target: .lobby, author: .neha, text: "\"hi\" /\n", time: Timestamp(milliseconds: 0), isOwn: true, sequence: 3,
      id: 7)
    let expected = #"""
      {"author":"neha","id":7,"kind":"text","own":true,"seq":3,"server":"192.0.2.7:4000","target":"#lobby",\#
      "text":"\"hi\" /\n","time":"1970-01-01T00:00:00.000Z"}
      """#
    #expect(try format.line(of: message) == expected)
  }
}
