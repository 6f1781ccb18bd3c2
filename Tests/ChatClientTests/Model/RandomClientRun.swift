import ChatClient
import ChatModel
import ChatProtocol
import TestSupport
import Testing

/// One client and one server, driven by a random generator.
struct RandomClientRun {
  private static let dev = RoomName(known: "#dev")
  private static let targets: [Target] = [.lobby, .room(dev), .person(.akash), .person(.mira)]

  private let seed: UInt64
  private let forgets: Bool
  private var dice: SeededGenerator
  private var server: ModelServer
  private var harness: ClientSessionHarness
  private var screens: [Target: ModelScreen] = [:]
  private var said: [SendID: (target: Target, text: String)] = [:]
  private var outcomes: [SendID: ModelScreen.SendOutcome] = [:]
  private var opened = 0
  private var closes = 0
  /// Whether the server has lost confirmed messages.
  private var hasForgotten = false

  init(seed: UInt64, forgets: Bool = false) {
    self.seed = seed
    self.forgets = forgets
    dice = SeededGenerator(seed: seed)
    var habits = ModelServer.Habits()
    habits.echoesFirst = dice.flip()
    habits.largestPage = dice.pick([3, 20, 100, 500])
    habits.mostPushed = dice.pick([0, 10, 100])
    habits.syncsAll = dice.flip()
    habits.failures = dice.pick([0, 0, 10])
    server = ModelServer(habits: habits, seed: seed &+ 1)
    harness = ClientSessionHarness(seed: seed)
    for _ in 0..<dice.pick([0, 3, 50, 400]) { speak() }
    harness.command(.connect(.home, ClientMemory()))
    pass()
    // A server that closes the connection during negotiation would be taken for a plain one.
    for _ in 0..<20 {
      server.obeyNext()
      deliver()
    }
    harness.command(.join(Self.dev))
  }

  // MARK: Steps

  mutating func live(steps: Int) {
    for _ in 0..<steps {
      step()
      pass()
    }
  }

  private mutating func step() {
    if forgets, dice.chance(1, in: 15) { return dice.chance(1, in: 3) ? forget() : cut() }
    switch dice.number(0...99) {
    case 0...24: speak()
    case 25...39: say()
    case 40...64: for _ in 0...dice.number(0...12) { deliver() }
    case 65...84: for _ in 0...dice.number(0...3) { server.obeyNext() }
    case 85...87: cut()
    case 88...90: harness.advanceClock(by: .milliseconds(dice.number(0...4000)))
    case 91: if dice.chance(1, in: 5) { for _ in 0...dice.pick([20, 350]) { speak() } }
    case 92...93: server.lag()
    case 94...95: server.catchUp()
    case 96...97: harness.command(.showOlder(dice.pick(Self.targets)))
    case 98: harness.command(.markRead(dice.pick(Self.targets), dice.number(0...50)))
    default: break
    }
  }

  private mutating func speak() {
    let target = dice.pick(Self.targets)
    var author = dice.pick(["akash", "mira", "neha"])
    if case .person(let name) = target, author != "neha" { author = name.text }
    server.say(dice.pick(["a", "b"]), by: author, in: target)
  }

  private mutating func say() {
    let target = dice.pick(Self.targets)
    // Equal texts, as other users and another terminal of the same user would send.
    let text = dice.pick(["a", "b"])
    said[harness.send(text, to: target)] = (target, text)
  }

  private mutating func deliver() {
    guard let line = server.takeLine() else { return }
    harness.receive(line)
    pass()
  }

  private mutating func cut() {
    guard server.isConnected else { return }
    // The server may handle lines that it has read, but its answers are lost.
    for _ in 0..<dice.number(0...6) { server.obeyNext() }
    server.disconnect()
    harness.handle(.closed(reason: nil))
  }

  private mutating func forget() {
    guard server.isConnected else { return }
    hasForgotten = true
    if dice.flip() { server.loseLog() } else { server.forgetPeople() }
    harness.handle(.closed(reason: nil))
  }

  /// Delivers the client's output to the server and to the screen.
  private mutating func pass() {
    if harness.closes > closes {
      closes = harness.closes
      server.disconnect()
    }
    server.hear(harness.takeSent())
    for event in harness.takeEvents() { show(event) }
    if harness.opened.count > opened {
      opened = harness.opened.count
      server.connect()
      harness.handle(.opened(nil))
      pass()
    }
  }

  private mutating func show(_ event: ClientEvent) {
    if let (id, outcome) = ModelScreen.SendOutcome.of(event) {
      #expect(outcomes[id] == nil, "\(dice): \(id) has a second outcome: \(event)")
      outcomes[id] = outcome
    }
    guard let target = conversation(of: event) else { return }
    screens[target, default: ModelScreen()].isEstranged = hasForgotten
    if let trouble = screens[target, default: ModelScreen()].show(event, of: said) {
      Issue.record("\(dice): \(target): \(trouble): \(event)")
    }
  }

  /// The conversation that the event changes.
  private func conversation(of event: ClientEvent) -> Target? {
    switch event {
    case .message(let message): message.target
    case .sendConfirmed(let id, _, _): said[id]?.target
    case .synced(let target, _, _, _), .reset(let target), .older(let target, _, _): target
    default: nil
    }
  }

  // MARK: Final state

  /// Runs until neither side sends more.
  mutating func settle() {
    harness.command(.retryNow)
    var calm = 0
    for _ in 0..<20_000 where calm < 24 {
      pass()
      if server.isQuiet {
        server.catchUp()
        harness.command(.retryNow)
        harness.advanceClock(by: .milliseconds(500))
        calm += 1
      } else {
        calm = 0
        server.obeyNext()
        deliver()
      }
    }
    #expect(calm == 24, "\(dice): the client and the server never come to rest")
  }

  func check() {
    for (id, send) in said {
      guard let outcome = outcomes[id] else {
        Issue.record("\(dice): \(id) has no outcome")
        continue
      }
      check(id, send.target, send.text, outcome)
    }
    #expect(outcomes.count == said.count, "\(dice)")
    // A conversation that the server has never mentioned is not expected.
    for (target, log) in server.logs where server.habits.syncsAll || screens[target] != nil {
      if !server.habits.syncsAll, server.unannounced.contains(target) { continue }
      let screen = screens[target] ?? ModelScreen()
      #expect(screen.isWhole(upTo: log.count), "\(dice): \(target): \(screen.told.keys.sorted()) of \(log.count)")
      for (sequence, text) in screen.told {
        guard log.indices.contains(sequence - 1) else { continue }
        #expect(log[sequence - 1].text == text, "\(dice): \(target) \(sequence)")
      }
    }
  }

  private func check(_ id: SendID, _ target: Target, _ text: String, _ outcome: ModelScreen.SendOutcome) {
    let key = String(id.rawValue, radix: 16)
    let places = (server.logs[target] ?? []).indices.filter { server.logs[target]?[$0].key == key }.map { $0 + 1 }
    switch outcome {
    case .confirmed(let sequence):
      guard !hasForgotten else { return }
      #expect(places == [sequence], "\(dice): \(id) was confirmed and is not in its place")
    case .failed(let reason):
      let isKnown = reason == ErrorCode.storageUnavailable.explanation
      #expect(isKnown || hasForgotten, "\(dice): \(reason)")
      if isKnown { #expect(places == [], "\(dice): \(id) was refused and is stored") }
    }
  }
}

/// The content of one tab.
struct ModelScreen {
  enum SendOutcome: Equatable {
    case confirmed(Int)
    case failed(String)

    static func of(_ event: ClientEvent) -> (SendID, SendOutcome)? {
      switch event {
      case .message(let message): message.answersSend.map { ($0, .confirmed(message.sequence ?? 0)) }
      case .sendConfirmed(let id, let sequence, _): (id, .confirmed(sequence ?? 0))
      case .sendFailed(let id, let reason, _): (id, .failed(reason))
      default: nil
      }
    }
  }

  private(set) var told: [Int: String] = [:]
  private var oldest: Int?
  private var last: Int?
  private var isSynced = false
  /// Whether the first page was reported.
  private var hasBegun = false
  /// Whether the server has lost this conversation, so that a confirmed message may be reported out of order.
  var isEstranged = false

  /// - Returns: a description of the violated rule, or nil.
  mutating func show(_ event: ClientEvent, of said: [SendID: (target: Target, text: String)]) -> String? {
    switch event {
    case .message(let message):
      guard let sequence = message.sequence else { return "a message without a sequence is shown" }
      return append(sequence, message.text)
    case .sendConfirmed(let id, let sequence?, _):
      if let last, sequence <= last { return nil }
      if isEstranged, sequence != last.map({ $0 + 1 }) { return nil }
      return append(sequence, said[id]?.text ?? "")
    case .reset:
      (told, oldest, last, hasBegun) = ([:], nil, nil, false)
    case .synced(_, _, let head, _):
      isSynced = true
      if !hasBegun { last = head }
    case .older(_, [], hasMore: true): break  // Not available now.
    case .older(_, let messages, _):
      if !hasBegun { last = messages.last?.sequence ?? last }
      hasBegun = isSynced
      for message in messages.reversed() {
        guard let sequence = message.sequence else { return "an older message has no sequence" }
        if let oldest, sequence != oldest - 1 { return "\(sequence) stands before \(oldest)" }
        told[sequence] = message.text
        oldest = sequence
      }
    default: break
    }
    return nil
  }

  private mutating func append(_ sequence: Int, _ text: String) -> String? {
    defer {
      told[sequence] = text
      last = sequence
      oldest = oldest ?? sequence
    }
    return last.map { sequence == $0 + 1 } ?? true ? nil : "a message is shown out of order"
  }

  /// Whether no message is missing between the first that is shown and the last in the log.
  func isWhole(upTo head: Int) -> Bool {
    guard let oldest else { return head == 0 }
    return told.count == head - oldest + 1 && last == head
  }
}

extension RoomName {
  init(known text: String) {
    guard let name = RoomName(text) else { preconditionFailure("\(text) is no room") }
    self = name
  }
}
