import ChatHub
import ChatProtocol
import ChatRecords

extension Simulation {
  static let rooms = ["#lobby", "#swift", "#food"].compactMap { RoomName($0) }

  /// Performs one random event.
  func step() throws {
    let client = random.number(0...clients.count - 1)
    let link = links.isEmpty ? nil : random.number(max(0, links.count - 8)...links.count - 1)
    switch random.number(0...99) {
    case 0..<22: if let link { deliverToServer(link, bytes: random.number(1...300)) }
    case 22..<44: if let link { deliverToClient(link, bytes: random.number(1...1500)) }
    case 44..<52:
      try disk.commit(random.number(1...6), fails: random.chance(1, in: 15), at: wall)
      if random.chance(1, in: 3) { try disk.performRedaction(fails: random.chance(1, in: 15)) }
    case 52..<59: for answer in disk.takeAnswers(random.number(1...6)) { apply(answer) }
    case 59..<63: try disk.performRead(random.number(0...9), fails: random.chance(1, in: 20))
    case 63..<67: if let answer = disk.takeReadAnswer(random.number(0...9)) { apply(answer) }
    case 67..<71: connect(client)
    case 71..<80: speak(client)
    case 80...83 where restoresLog:
      if random.chance(1, in: 3) { copyLog() }
      if random.chance(1, in: 4) { restoreLog() }
    case 80, 81: try administer()
    case 82, 83: takeAway(client)
    case 84..<88: pass(.milliseconds(random.number(1...4000)))
    case 88: if let link { cut(link) }
    case 89: if random.chance(1, in: 2) { crashServer() }
    case 90, 91: startServer()
    case 92: if random.chance(1, in: 3) { restartClient(client) }
    case 93, 94: save(client)
    case 95: if let link { setLagging(link, true) }
    case 96: if let link { setLagging(link, false) }
    case 97:
      let target = Target.room(random.pick(Self.rooms))
      let first = clients[client].screen.windows[target]?.messages.first?.sequence
      command(.showOlder(target, before: first), client)
    default: roam(client)
    }
  }

  /// A random request of the host.
  private func administer() throws {
    guard hub != nil else { return }
    switch random.number(0...5) {
    case 0, 1: askAsHost()
    case 2: try disk.record(fails: random.chance(1, in: 5))
    case 3, 4:
      guard let message = disk.journal.randomElement(using: &random) else { return }
      note("\(message.text) is to be redacted")
      let author = random.chance(1, in: 3) ? message.member : nil
      disk.redact(nil, Redaction(message.conversation, sequence: message.sequence, by: message.author), author: author)
    default: try disk.performRedaction(fails: random.chance(1, in: 5))
    }
  }

  private func speak(_ client: Int) {
    let others = clients.indices.filter { $0 != client }
    if random.chance(1, in: 4), let other = others.randomElement(using: &random) {
      return say(to: .person(clients[other].name), client)
    }
    say(to: .room(random.pick(Self.rooms)), client)
  }

  private func roam(_ client: Int) {
    let room = random.pick(Array(Self.rooms.dropFirst()))
    switch random.number(0...4) {
    case 0...2: command(.join(room), client)
    case 3: command(.part(room), client)
    default:
      let target = Target.room(random.pick(Self.rooms))
      if let last = clients[client].screen.windows[target]?.messages.last?.sequence {
        command(.markRead(target, random.number(0...last)), client)
      }
    }
  }

  /// Usually an own message; redacting others is refused.
  private func takeAway(_ client: Int) {
    let messages = clients[client].screen.windows.sorted { $0.key.text < $1.key.text }.flatMap(\.value.messages)
    let own = messages.filter { $0.isOwn || random.chance(1, in: 10) }
    guard let message = own.randomElement(using: &random), let sequence = message.sequence else { return }
    command(.admin(.redact(message.target, sequence: sequence, reason: "")), client)
  }

  /// All clients log in before anything fails. A client that meets a server for the first time just as it stops would
  /// take it for a plain one, for which few promises hold.
  func begin() throws {
    while !clients.allSatisfy({ $0.screen.isOnline && $0.screen.kept.memory.token != nil }) { try settle(passing: 50) }
  }

  /// Stops all failures, delivers everything, and lets time pass until the state has settled.
  func heal(_ check: () throws -> Void) throws {
    startServer()
    for index in links.indices { setLagging(index, false) }
    var calm = 0
    for round in 0..<600 {
      // Longer than any timeout in the session or the hub.
      try settle(passing: round % 3 == 0 ? 1000 : 50)
      try check()
      calm = isCalm ? calm + 1 : 0
      if calm == 15 { askAgain() }
      if calm == 30 { return }
    }
  }

  /// Requests history again after failed reads, like a user who scrolls.
  private func askAgain() {
    for client in clients.indices {
      let blank = clients[client].screen.windows.filter { $0.value.messages.isEmpty && !$0.value.hasBeginning }
      for target in blank.keys.sorted(by: { $0.text < $1.text }) { command(.showOlder(target, before: nil), client) }
    }
  }

  /// Whether nothing is under way.
  private var isCalm: Bool {
    disk.isIdle
      && clients.allSatisfy { $0.screen.isOnline && $0.screen.kept.memory.unconfirmed.isEmpty }
      && clients.allSatisfy { client in client.link.map { links[$0].isQuiet } ?? false }
  }

  /// A page that could not be read leaves an empty pane, whose page the screen requests again.
  private func fillPanes(_ client: Int) {
    guard clients[client].screen.isOnline else { return }
    for (target, window) in clients[client].screen.windows.sorted(by: { $0.key.text < $1.key.text })
    where window.epoch != nil && window.messages.isEmpty && !window.hasBeginning {
      command(.showOlder(target, before: nil), client)
    }
  }

  private func settle(passing milliseconds: Int) throws {
    for client in clients.indices {
      connect(client)
      fillPanes(client)
    }
    for index in links.indices {
      deliverToServer(index, bytes: .max)
      deliverToClient(index, bytes: .max)
    }
    try finishStoring()
    while !disk.isIdle {
      try disk.performRead(0, fails: false)
      if let answer = disk.takeReadAnswer(0) { apply(answer) }
      try finishStoring()
    }
    pass(.milliseconds(milliseconds))
  }

  private func finishStoring() throws {
    try disk.commit(.max, fails: false, at: wall)
    try disk.record(fails: false)
    try disk.performRedaction(fails: false)
    for answer in disk.takeAnswers(.max) { apply(answer) }
  }
}
