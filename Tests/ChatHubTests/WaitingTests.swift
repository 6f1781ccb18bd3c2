import ChatHub
import ChatProtocol
import Testing

/// Requests behind a message on the same connection are handled after the message is stored.
@Suite struct WaitingTests {
  private func hanging(_ capabilities: String...) -> (HubHarness, neha: SessionID, akash: SessionID) {
    let harness = HubHarness()
    let neha = harness.connect(capabilities)
    harness.send(as: neha, "LOGIN neha")
    let akash = harness.logIn("akash")
    harness.storage = .waits
    harness.discardOutput()
    return (harness, neha, akash)
  }

  @Test(arguments: [
    ("PING", ["PONG"]), ("WHO", ["USER neha", "USER akash"]), ("DM nobody x", ["ERR user-not-found"]),
    ("MSG", ["ERR empty-message"]), ("nonsense", ["ERR unknown-command"]), ("LOGIN x", ["ERR already-logged-in"]),
    ("MSG \u{7}", ["ERR control-character"]),
    ("CAP LS", ["CAP LS tags presence rooms history resume marks moderation lines"]),
  ])
  func `no answer overtakes that to a message`(line: String, answers: [String]) {
    let (harness, neha, akash) = hanging()
    #expect(harness.send(as: neha, "MSG one", "MSG two", line) == [])
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha one"])
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha two"] + answers)
    #expect(harness.takeOutput(of: akash) == ["MSG neha one", "MSG neha two"])
  }

  @Test func `messages are stored in order, many at once, until another request follows`() {
    let (harness, neha, _) = hanging()
    harness.send(as: neha, "MSG a", "DM akash b", "MSG c", "PING", "MSG d", "WHO", "MSG e")
    #expect(harness.drafts.map(\.text) == ["a", "b", "c"])
    harness.answerStore()
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha a"])
    harness.answerStore(successfully: false)
    #expect(harness.takeOutput(of: neha) == ["ERR storage-unavailable", "PONG"])
    #expect(harness.drafts.map(\.text) == ["d"])
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha d", "USER neha", "USER akash"])
    #expect(harness.drafts.map(\.text) == ["e"])
  }

  @Test func `a refused message waits for earlier ones, and later ones wait for it`() {
    let (harness, neha, _) = hanging()
    harness.send(as: neha, "MSG a", "DM nobody b", "MSG c")
    #expect(harness.drafts.map(\.text) == ["a"])
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha a", "ERR user-not-found"])
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha c"])
  }

  @Test(arguments: [true, false])
  func `a message is delivered before its author's departure`(saysQuit: Bool) {
    let (harness, neha, akash) = hanging()
    harness.send(as: neha, "MSG bye", "DM akash psst")
    if saysQuit { harness.send(as: neha, "QUIT", "MSG never") } else { harness.disconnect(neha) }
    harness.disconnect(neha)
    #expect(harness.takeOutput(of: akash) == [])
    harness.answerStore()
    #expect(harness.closeReason(of: neha) == nil)
    harness.answerStore()
    #expect(harness.takeOutput(of: akash) == ["MSG neha bye", "DM neha psst", "INFO neha disconnected"])
    #expect(harness.takeOutput(of: neha) == ["MSG neha bye"])
    #expect(harness.closeReason(of: neha) == (saysQuit ? .quit : .closed))
    #expect(harness.drafts.isEmpty)
  }

  @Test func `a half-closed session receives all answers before the end`() {
    let (harness, neha, _) = hanging()
    harness.send(as: neha, "MSG a", "PING", "MSG b", "PING")
    harness.halfClose(neha)
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha a", "PONG"])
    #expect(harness.closeReason(of: neha) == nil)
    harness.answerStore()
    #expect(harness.takeOutput(of: neha) == ["MSG neha b", "PONG"])
    #expect(harness.closeReason(of: neha) == .closed)
  }

  enum Abruptness: CaseIterable { case lost, stalled, idle, shutdown }

  @Test(arguments: Abruptness.allCases)
  func `a session that is cut off ends at once, and its message is still delivered`(abruptness: Abruptness) {
    let (harness, neha, akash) = hanging()
    harness.advanceClockWithoutTick(by: .seconds(59))
    harness.send(as: neha, "MSG a", "PING", "MSG b")
    harness.advanceClockWithoutTick(by: .seconds(59))
    harness.send(as: akash, "PING")
    harness.discardOutput()
    switch abruptness {
    case .lost: harness.disconnect(neha, .lost)
    case .stalled: harness.stall(neha)
    case .idle: harness.advanceClock(by: .seconds(1))
    case .shutdown: return harness.shutDown()
    }
    #expect(harness.closeReason(of: neha) != nil)
    #expect(harness.takeOutput(of: akash) == ["INFO neha disconnected"])
    harness.answerStore()
    #expect(harness.takeOutput(of: akash) == ["MSG neha a"])
    #expect(harness.drafts.isEmpty)
  }

  @Test func `a waiting line counts as activity`() {
    let (harness, neha, _) = hanging()
    harness.send(as: neha, "MSG a")
    harness.advanceClock(by: .seconds(59))
    harness.send(as: neha, "PING")
    harness.advanceClock(by: .seconds(59))
    #expect(harness.closeReason(of: neha) == nil)
  }

  @Test func `a new dialect starts after its ACK, even if the ACK waits`() {
    let (harness, neha, akash) = hanging()
    harness.send(as: neha, bytes: Array("MSG a\nCAP REQ tags\n@label=1 PING\n@label=2 MSG  b\n".utf8))
    #expect(harness.isHeld(neha))
    harness.answerStore()
    #expect(!harness.isHeld(neha))
    #expect(harness.takeOutput(of: neha) == ["MSG neha a", "CAP ACK tags", "@label=1 PONG"])
    harness.answerStore()
    #expect(
      harness.takeOutput(of: neha) == ["@\(HubHarness.place(2)) MSG neha  b", "@label=2;\(HubHarness.place(2)) OK MSG"])
    #expect(harness.takeOutput(of: akash) == ["MSG neha a", "MSG neha b"])
  }

  // MARK: Heartbeats

  @Test func `a labelled PING is answered while a message is unstored, and one without a label keeps its place`() {
    let (harness, neha, _) = hanging("tags")
    #expect(harness.send(as: neha, "@label=1 MSG a", "@label=2 PING") == ["@label=2 PONG"])
    #expect(harness.send(as: neha, "@label=3 WHO", "PING") == [])
    #expect(harness.send(as: neha, "@label=4 PING") == ["@label=4 PONG"])
    harness.answerStore()
    #expect(
      harness.takeOutput(of: neha) == [
        "@\(HubHarness.place(1)) MSG neha a", "@label=1;\(HubHarness.place(1)) OK MSG", "@label=3 BATCH +0 who",
        "@batch=0 USER neha", "@batch=0 USER akash", "BATCH -0", "PONG",
      ])
  }

  @Test func `a labelled PING is answered while a change is unstored, and waits for a login`() {
    let harness = HubHarness.withPin()
    let neha = harness.logInOwner("neha", TestKey(1))
    harness.recording = .waits
    #expect(harness.send(as: neha, "@label=1 CREATE #den", "@label=2 WHO", "@label=3 PING") == ["@label=3 PONG"])
    let (zoe, challenge) = harness.connectSecured()
    let login = "\(TestKey(2).tags(challenge, as: "zoe", "label=1;"))LOGIN zoe"
    #expect(harness.send(as: zoe, login, "@label=2 PING") == [])
  }

  @Test func `a labelled PING counts for the rate limit, also while a message is unstored`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", at: "192.0.2.7", ["tags"])
    harness.storage = .waits
    harness.send(as: neha, "@label=0 MSG a")
    var answers = 0
    for number in 1...200 {
      answers += harness.send(as: neha, "@label=\(number) PING").count { $0 == "@label=\(number) PONG" }
    }
    #expect((50...100).contains(answers), "\(answers)")
    #expect(harness.isHeld(neha))
  }

  // MARK: Bounds

  @Test func `beyond a number of unstored messages reading stops until half of them are stored`() {
    let (harness, neha, _) = hanging()
    for number in 0..<1024 { harness.send(as: neha, "MSG \(number)") }
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, bytes: Array("MSG 1024\nMSG 1025\n".utf8))
    #expect(harness.isHeld(neha))
    #expect(harness.drafts.count == 1025)
    for _ in 0..<512 { harness.answerStore() }
    #expect(harness.isHeld(neha))
    harness.answerStore()
    #expect(!harness.isHeld(neha))
    #expect(harness.drafts.map(\.text).last == "1025")
    while !harness.drafts.isEmpty { harness.answerStore() }
    #expect(harness.takeOutput(of: neha) == (0..<1026).map { "MSG neha \($0)" })
  }

  @Test func `long messages count more`() {
    let (harness, neha, _) = hanging()
    let long = String(repeating: "x", count: 4000)
    for _ in 0..<65 { harness.send(as: neha, "MSG \(long)") }
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, "MSG \(long)")
    #expect(harness.isHeld(neha))
    for _ in 0..<40 { harness.answerStore() }
    #expect(!harness.isHeld(neha))
  }

  @Test func `beyond a number of waiting lines reading stops without loss`() {
    let (harness, neha, _) = hanging()
    harness.send(as: neha, "MSG a")
    harness.send(as: neha, bytes: Array(String(repeating: "PING\n", count: 256).utf8))
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, bytes: Array(String(repeating: "PING\n", count: 744).utf8))
    #expect(harness.isHeld(neha))
    #expect(harness.takeOutput(of: neha) == [])
    harness.answerStore()
    #expect(!harness.isHeld(neha))
    #expect(harness.takeOutput(of: neha) == ["MSG neha a"] + Array(repeating: "PONG", count: 1000))
  }

  @Test func `waiting lines are bounded by their bytes, and blank ones cost nothing`() {
    let (harness, neha, _) = hanging("tags")
    harness.send(as: neha, "MSG a")
    harness.send(as: neha, bytes: Array(String(repeating: "\n \n", count: 1000).utf8))
    #expect(!harness.isHeld(neha))
    let label = String(repeating: "x", count: 4000)
    for _ in 0..<15 { harness.send(as: neha, "@label=\(label) NONSENSE") }
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, "@label=\(label) NONSENSE")
    #expect(harness.isHeld(neha))
    harness.answerStore()
    #expect(harness.takeOutput(of: neha).count == 18)
    #expect(!harness.isHeld(neha))
  }

  @Test func `unknown tags are not stored`() {
    let (harness, neha, _) = hanging("tags")
    harness.send(as: neha, "MSG a")
    for _ in 0..<250 { harness.send(as: neha, "@\(String(repeating: "a;", count: 2000))label=7 NONSENSE") }
    #expect(!harness.isHeld(neha))
    harness.answerStore()
    #expect(harness.takeOutput(of: neha).last == "@label=7 ERR unknown-command * There is no such command.")
  }
}
