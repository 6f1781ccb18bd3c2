import ChatHub
import ChatProtocol
import Testing

/// Requests behind a message on the same connection are handled after the message is stored.
@Suite struct WaitingTests {
  private func hanging(_ capabilities: String...) -> (Stage, neha: SessionID, akash: SessionID) {
    let stage = Stage()
    let neha = stage.open(capabilities)
    stage.say(neha, "LOGIN neha")
    let akash = stage.join("akash")
    stage.storage = .waits
    stage.forget()
    return (stage, neha, akash)
  }

  @Test(arguments: [
    ("PING", ["PONG"]), ("WHO", ["USER neha", "USER akash"]), ("DM nobody x", ["ERR user-not-found"]),
    ("MSG", ["ERR empty-message"]), ("nonsense", ["ERR unknown-command"]), ("LOGIN x", ["ERR already-logged-in"]),
    ("MSG \u{7}", ["ERR control-character"]),
    ("CAP LS", ["CAP LS tags presence rooms history resume marks moderation"]),
  ])
  func `no answer overtakes that to a message`(line: String, answers: [String]) {
    let (stage, neha, akash) = hanging()
    #expect(stage.say(neha, "MSG one", "MSG two", line) == [])
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha one"])
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha two"] + answers)
    #expect(stage.heard(akash) == ["MSG neha one", "MSG neha two"])
  }

  @Test func `messages are stored in order, many at once, until another request follows`() {
    let (stage, neha, _) = hanging()
    stage.say(neha, "MSG a", "DM akash b", "MSG c", "PING", "MSG d", "WHO", "MSG e")
    #expect(stage.drafts.map(\.text) == ["a", "b", "c"])
    stage.answerStored()
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha a"])
    stage.answerStored(successfully: false)
    #expect(stage.heard(neha) == ["ERR storage-unavailable", "PONG"])
    #expect(stage.drafts.map(\.text) == ["d"])
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha d", "USER neha", "USER akash"])
    #expect(stage.drafts.map(\.text) == ["e"])
  }

  @Test func `a refused message waits for earlier ones, and later ones wait for it`() {
    let (stage, neha, _) = hanging()
    stage.say(neha, "MSG a", "DM nobody b", "MSG c")
    #expect(stage.drafts.map(\.text) == ["a"])
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha a", "ERR user-not-found"])
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha c"])
  }

  @Test(arguments: [true, false])
  func `a message is delivered before its author's departure`(saysQuit: Bool) {
    let (stage, neha, akash) = hanging()
    stage.say(neha, "MSG bye", "DM akash psst")
    if saysQuit { stage.say(neha, "QUIT", "MSG never") } else { stage.leave(neha) }
    stage.leave(neha)
    #expect(stage.heard(akash) == [])
    stage.answerStored()
    #expect(stage.end(neha) == nil)
    stage.answerStored()
    #expect(stage.heard(akash) == ["MSG neha bye", "DM neha psst", "INFO neha disconnected"])
    #expect(stage.heard(neha) == ["MSG neha bye"])
    #expect(stage.end(neha) == (saysQuit ? .quit : .closed))
    #expect(stage.drafts.isEmpty)
  }

  @Test func `a half-closed session receives all answers before the end`() {
    let (stage, neha, _) = hanging()
    stage.say(neha, "MSG a", "PING", "MSG b", "PING")
    stage.finish(neha)
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha a", "PONG"])
    #expect(stage.end(neha) == nil)
    stage.answerStored()
    #expect(stage.heard(neha) == ["MSG neha b", "PONG"])
    #expect(stage.end(neha) == .closed)
  }

  enum Abruptness: CaseIterable { case lost, stalled, idle, shutdown }

  @Test(arguments: Abruptness.allCases)
  func `a session that is cut off ends at once, and its message is still delivered`(abruptness: Abruptness) {
    let (stage, neha, akash) = hanging()
    stage.pass(.seconds(59))
    stage.say(neha, "MSG a", "PING", "MSG b")
    stage.pass(.seconds(59))
    stage.say(akash, "PING")
    stage.forget()
    switch abruptness {
    case .lost: stage.leave(neha, .lost)
    case .stalled: stage.stall(neha)
    case .idle: stage.wait(.seconds(1))
    case .shutdown: return stage.shutDown()
    }
    #expect(stage.end(neha) != nil)
    #expect(stage.heard(akash) == ["INFO neha disconnected"])
    stage.answerStored()
    #expect(stage.heard(akash) == ["MSG neha a"])
    #expect(stage.drafts.isEmpty)
  }

  @Test func `a waiting line counts as activity`() {
    let (stage, neha, _) = hanging()
    stage.say(neha, "MSG a")
    stage.wait(.seconds(59))
    stage.say(neha, "PING")
    stage.wait(.seconds(59))
    #expect(stage.end(neha) == nil)
  }

  @Test func `a new dialect starts after its ACK, even if the ACK waits`() {
    let (stage, neha, akash) = hanging()
    stage.say(neha, bytes: Array("MSG a\nCAP REQ tags\n@label=1 PING\n@label=2 MSG  b\n".utf8))
    #expect(stage.isHeld(neha))
    stage.answerStored()
    #expect(!stage.isHeld(neha))
    #expect(stage.heard(neha) == ["MSG neha a", "CAP ACK tags", "@label=1 PONG"])
    stage.answerStored()
    #expect(stage.heard(neha) == ["@\(Stage.place(2)) MSG neha  b", "@label=2;\(Stage.place(2)) OK MSG"])
    #expect(stage.heard(akash) == ["MSG neha a", "MSG neha b"])
  }

  // MARK: Bounds

  @Test func `beyond a number of unstored messages reading stops until half of them are stored`() {
    let (stage, neha, _) = hanging()
    for number in 0..<1024 { stage.say(neha, "MSG \(number)") }
    #expect(!stage.isHeld(neha))
    stage.say(neha, bytes: Array("MSG 1024\nMSG 1025\n".utf8))
    #expect(stage.isHeld(neha))
    #expect(stage.drafts.count == 1025)
    for _ in 0..<512 { stage.answerStored() }
    #expect(stage.isHeld(neha))
    stage.answerStored()
    #expect(!stage.isHeld(neha))
    #expect(stage.drafts.map(\.text).last == "1025")
    while !stage.drafts.isEmpty { stage.answerStored() }
    #expect(stage.heard(neha) == (0..<1026).map { "MSG neha \($0)" })
  }

  @Test func `long messages count more`() {
    let (stage, neha, _) = hanging()
    let long = String(repeating: "x", count: 4000)
    for _ in 0..<65 { stage.say(neha, "MSG \(long)") }
    #expect(!stage.isHeld(neha))
    stage.say(neha, "MSG \(long)")
    #expect(stage.isHeld(neha))
    for _ in 0..<40 { stage.answerStored() }
    #expect(!stage.isHeld(neha))
  }

  @Test func `beyond a number of waiting lines reading stops without loss`() {
    let (stage, neha, _) = hanging()
    stage.say(neha, "MSG a")
    stage.say(neha, bytes: Array(String(repeating: "PING\n", count: 256).utf8))
    #expect(!stage.isHeld(neha))
    stage.say(neha, bytes: Array(String(repeating: "PING\n", count: 744).utf8))
    #expect(stage.isHeld(neha))
    #expect(stage.heard(neha) == [])
    stage.answerStored()
    #expect(!stage.isHeld(neha))
    #expect(stage.heard(neha) == ["MSG neha a"] + Array(repeating: "PONG", count: 1000))
  }

  @Test func `waiting lines are bounded by their bytes, and blank ones cost nothing`() {
    let (stage, neha, _) = hanging("tags")
    stage.say(neha, "MSG a")
    stage.say(neha, bytes: Array(String(repeating: "\n \n", count: 1000).utf8))
    #expect(!stage.isHeld(neha))
    let label = String(repeating: "x", count: 4000)
    for _ in 0..<15 { stage.say(neha, "@label=\(label) PING") }
    #expect(!stage.isHeld(neha))
    stage.say(neha, "@label=\(label) PING")
    #expect(stage.isHeld(neha))
    stage.answerStored()
    #expect(stage.heard(neha).count == 18)
    #expect(!stage.isHeld(neha))
  }

  @Test func `unknown tags are not stored`() {
    let (stage, neha, _) = hanging("tags")
    stage.say(neha, "MSG a")
    for _ in 0..<250 { stage.say(neha, "@\(String(repeating: "a;", count: 2000))label=7 PING") }
    #expect(!stage.isHeld(neha))
    stage.answerStored()
    #expect(stage.heard(neha).last == "@label=7 PONG")
  }
}
