import ChatHub
import ChatProtocol
import Testing

/// The frozen table, row by row.
@Suite struct PlainDialectTests {
  @Test func `nothing is sent before the first line`() {
    let harness = HubHarness()
    #expect(harness.takeOutput(of: harness.connect()) == [])
  }

  @Test func `a login is answered with OK only, and not announced`() {
    let harness = HubHarness()
    let akash = harness.logIn("akash")
    #expect(harness.send(as: harness.connect(), "LOGIN neha") == ["OK"])
    #expect(harness.takeOutput(of: akash) == [])
  }

  @Test(arguments: [
    ("LOGIN neha", ["ERR already-logged-in"]),
    ("LOGIN other", ["ERR already-logged-in"]),
    ("LOGIN", ["ERR already-logged-in"]),
    ("LOGIN a\u{7}b", ["ERR already-logged-in"]),
    ("MSG hello", ["MSG neha hello"]),
    ("msg hello", ["MSG neha hello"]),
    ("mSg \t hello \t  there ", ["MSG neha hello there"]),
    ("  MSG hello", ["MSG neha hello"]),
    ("MSG नमस्ते 👋", ["MSG neha नमस्ते 👋"]),
    ("MSG @all: x=y;z", ["MSG neha @all: x=y;z"]),
    ("MSG", ["ERR empty-message"]),
    ("MSG ", ["ERR empty-message"]),
    ("MSG \t ", ["ERR empty-message"]),
    ("DM akash psst", []),
    ("dm AKASH psst", []),
    ("DM neha  to   myself ", ["DM neha to   myself"]),
    ("DM nobody psst", ["ERR user-not-found"]),
    ("DM a\u{a0}b psst", ["ERR user-not-found"]),
    ("DM", ["ERR invalid-dm-format"]),
    ("DM akash", ["ERR invalid-dm-format"]),
    ("DM akash  ", ["ERR invalid-dm-format"]),
    ("DM nobody", ["ERR invalid-dm-format"]),
    ("WHO", ["USER akash", "USER neha"]),
    ("who is here", ["USER akash", "USER neha"]),
    ("PING", ["PONG"]),
    ("PiNg 123", ["PONG"]),
    ("HELLO", ["ERR unknown-command"]),
    ("MSGhello", ["ERR unknown-command"]),
    ("@label=1 PING", ["ERR unknown-command"]),
    ("AWAY lunch", ["ERR unknown-command"]),
    ("AWAY", ["ERR unknown-command"]),
    ("JOINED neha", ["ERR unknown-command"]),
    ("MSG a\u{1b}[2Jb", ["ERR control-character"]),
    ("MSG a\rb", ["ERR control-character"]),
    ("PING\u{0}", ["ERR control-character"]),
    ("NONSENSE\u{85}", ["ERR control-character"]),
    ("", []),
    ("   ", []),
    ("\t", []),
    ("\r", []),
    (" \u{7}", ["ERR control-character"]),
  ])
  func `each line of a plain session is answered by the table`(line: String, answers: [String]) {
    let harness = HubHarness()
    _ = harness.logIn("akash")
    let neha = harness.logIn("neha")
    #expect(harness.send(as: neha, line) == answers)
    #expect(harness.closeReason(of: neha) == nil)
    #expect(harness.send(as: neha, "PING") == ["PONG"])
  }

  @Test(arguments: [
    ("MSG hello", "ERR not-logged-in"),
    ("MSG", "ERR not-logged-in"),
    ("DM neha psst", "ERR not-logged-in"),
    ("DM", "ERR not-logged-in"),
    ("WHO", "ERR not-logged-in"),
    ("PING", "ERR not-logged-in"),
    ("QUIT", "ERR not-logged-in"),
    ("AWAY", "ERR not-logged-in"),
    ("NONSENSE", "ERR not-logged-in"),
    ("LOGIN", "ERR invalid-username"),
    ("LOGIN  ", "ERR invalid-username"),
    ("LOGIN ne ha", "ERR invalid-username"),
    ("LOGIN ne\tha", "ERR invalid-username"),
    ("LOGIN ne\u{7}ha", "ERR invalid-username"),
    ("LOGIN ne\u{200b}ha", "ERR invalid-username"),
    ("LOGIN abcdefghijklmnopqrstuvwxyz1234567", "ERR invalid-username"),
    ("LOGIN " + String(repeating: "é", count: 17), "ERR invalid-username"),
    ("MSG a\u{7}b", "ERR control-character"),
  ])
  func `before the login every line is refused, and the connection stays open`(line: String, answer: String) {
    let harness = HubHarness()
    let akash = harness.logIn("akash")
    let neha = harness.connect()
    #expect(harness.send(as: neha, line) == [answer])
    #expect(harness.closeReason(of: neha) == nil)
    #expect(harness.send(as: neha, "LOGIN neha") == ["OK"])
    #expect(harness.takeOutput(of: akash) == [])
  }

  @Test(arguments: ["abcdefghijklmnopqrstuvwxyz123456", "é", "#lobby", "@neha", "*a*", "<script>", "नेहा"])
  func `anything of 1 to 32 visible bytes is a name`(name: String) {
    let harness = HubHarness()
    #expect(harness.send(as: harness.connect(), "LOGIN \(name)", "WHO") == ["OK", "USER \(name)"])
  }

  @Test func `a message reaches every logged-in session, and no other`() {
    let harness = HubHarness()
    let neha = harness.logIn("Neha")
    let akash = harness.logIn("akash")
    let stranger = harness.connect()
    #expect(harness.send(as: neha, "MSG  hello   there ") == ["MSG Neha hello there"])
    #expect(harness.takeOutput(of: akash) == ["MSG Neha hello there"])
    #expect(harness.takeOutput(of: stranger) == [])
  }

  @Test func `a direct message reaches only its reader`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    let akash = harness.logIn("Akash")
    let mira = harness.logIn("mira")
    #expect(harness.send(as: neha, "DM aKASH psst   you") == [])
    #expect(harness.takeOutput(of: akash) == ["DM neha psst   you"])
    #expect(harness.takeOutput(of: mira) == [])
  }

  @Test(arguments: [
    (LineFault.tooLong, "ERR line-too-long"), (.invalidUTF8, "ERR invalid-utf8"),
    (.malformedTags, "ERR malformed-tags"),
  ])
  func `an unreadable line is refused, without affecting others`(fault: LineFault, answer: String) {
    let harness = HubHarness()
    for id in [harness.connect(), harness.logIn("neha")] {
      harness.sendUnreadable(as: id, fault)
      #expect(harness.takeOutput(of: id) == [answer])
      #expect(harness.closeReason(of: id) == nil)
    }
  }

  @Test func `an over-long line and invalid UTF-8 are refused between two good lines`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    harness.send(as: neha, bytes: Array("PING\n".utf8) + [0xff, 0x0a] + Array("PING\n".utf8))
    #expect(harness.takeOutput(of: neha) == ["PONG", "ERR invalid-utf8", "PONG"])
    harness.send(as: neha, bytes: Array("MSG \(String(repeating: "x", count: 4093))\nPING\n".utf8))
    #expect(harness.takeOutput(of: neha) == ["ERR line-too-long", "PONG"])
    let longest = String(repeating: "x", count: 4092)
    #expect(harness.send(as: neha, "MSG \(longest)") == ["MSG neha \(longest)"])
  }
}
