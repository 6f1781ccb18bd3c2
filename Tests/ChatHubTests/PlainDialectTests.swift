import ChatHub
import ChatProtocol
import Testing

/// The frozen table, row by row.
@Suite struct PlainDialectTests {
  @Test func `nothing is sent before the first line`() {
    let stage = Stage()
    #expect(stage.heard(stage.open()) == [])
  }

  @Test func `a login is answered with OK only, and not announced`() {
    let stage = Stage()
    let akash = stage.join("akash")
    #expect(stage.say(stage.open(), "LOGIN neha") == ["OK"])
    #expect(stage.heard(akash) == [])
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
    let stage = Stage()
    _ = stage.join("akash")
    let neha = stage.join("neha")
    #expect(stage.say(neha, line) == answers)
    #expect(stage.end(neha) == nil)
    #expect(stage.say(neha, "PING") == ["PONG"])
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
    let stage = Stage()
    let akash = stage.join("akash")
    let neha = stage.open()
    #expect(stage.say(neha, line) == [answer])
    #expect(stage.end(neha) == nil)
    #expect(stage.say(neha, "LOGIN neha") == ["OK"])
    #expect(stage.heard(akash) == [])
  }

  @Test(arguments: ["abcdefghijklmnopqrstuvwxyz123456", "é", "#lobby", "@neha", "*a*", "<script>", "नेहा"])
  func `anything of 1 to 32 visible bytes is a name`(name: String) {
    let stage = Stage()
    #expect(stage.say(stage.open(), "LOGIN \(name)", "WHO") == ["OK", "USER \(name)"])
  }

  @Test func `a message reaches every logged-in session, and no other`() {
    let stage = Stage()
    let neha = stage.join("Neha")
    let akash = stage.join("akash")
    let stranger = stage.open()
    #expect(stage.say(neha, "MSG  hello   there ") == ["MSG Neha hello there"])
    #expect(stage.heard(akash) == ["MSG Neha hello there"])
    #expect(stage.heard(stranger) == [])
  }

  @Test func `a direct message reaches only its reader`() {
    let stage = Stage()
    let neha = stage.join("neha")
    let akash = stage.join("Akash")
    let mira = stage.join("mira")
    #expect(stage.say(neha, "DM aKASH psst   you") == [])
    #expect(stage.heard(akash) == ["DM neha psst   you"])
    #expect(stage.heard(mira) == [])
  }

  @Test(arguments: [
    (LineFault.tooLong, "ERR line-too-long"), (.invalidUTF8, "ERR invalid-utf8"),
    (.malformedTags, "ERR malformed-tags"),
  ])
  func `an unreadable line is refused, without affecting others`(fault: LineFault, answer: String) {
    let stage = Stage()
    for id in [stage.open(), stage.join("neha")] {
      stage.fault(id, fault)
      #expect(stage.heard(id) == [answer])
      #expect(stage.end(id) == nil)
    }
  }

  @Test func `an over-long line and invalid UTF-8 are refused between two good lines`() {
    let stage = Stage()
    let neha = stage.join("neha")
    stage.say(neha, bytes: Array("PING\n".utf8) + [0xff, 0x0a] + Array("PING\n".utf8))
    #expect(stage.heard(neha) == ["PONG", "ERR invalid-utf8", "PONG"])
    stage.say(neha, bytes: Array("MSG \(String(repeating: "x", count: 4093))\nPING\n".utf8))
    #expect(stage.heard(neha) == ["ERR line-too-long", "PONG"])
    let longest = String(repeating: "x", count: 4092)
    #expect(stage.say(neha, "MSG \(longest)") == ["MSG neha \(longest)"])
  }
}
