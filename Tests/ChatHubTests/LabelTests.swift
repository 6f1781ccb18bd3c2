import ChatHub
import ChatProtocol
import Testing

/// Each request with a label gets exactly one answer with it.
@Suite struct LabelTests {
  @Test(arguments: [
    ("PING", ["@label=7 PONG"]),
    ("MSG hi", ["@\(HubHarness.place(1)) MSG neha hi", "@label=7;\(HubHarness.place(1)) OK MSG"]),
    ("DM akash hi", ["@label=7;\(HubHarness.place(1)) OK DM"]),
    ("DM nobody hi", ["@label=7 ERR user-not-found DM Nobody with this name is here."]),
    ("DM x", ["@label=7 ERR invalid-dm-format DM Write it as: DM name text."]),
    ("MSG", ["@label=7 ERR empty-message MSG The message has no text."]),
    ("MSG \u{7}", ["@label=7 ERR control-character MSG The line has a control character."]),
    ("LOGIN x", ["@label=7 ERR already-logged-in LOGIN This connection is logged in already."]),
    ("AWAY lunch", ["@label=7 OK AWAY"]),
    ("AWAY", ["@label=7 OK AWAY"]),
    (
      "AWAY \(String(repeating: "x", count: 257))",
      ["@label=7 ERR away-too-long AWAY An away message has at most 256 bytes."]
    ),
    ("NONSENSE", ["@label=7 ERR unknown-command * There is no such command."]),
    ("CAP LS", ["@label=7 CAP LS tags presence rooms history resume marks moderation lines"]),
    ("CAP REQ presence", ["@label=7 CAP ACK presence"]),
    ("CAP REQ x", ["@label=7 CAP NAK x"]),
    ("CAP", ["@label=7 ERR invalid-cap-request CAP Write it as: CAP LS, or CAP REQ name…"]),
    ("WHO", ["@label=7 BATCH +0 who", "@batch=0 USER akash", "@batch=0 USER neha", "BATCH -0"]),
    ("", []),
    ("QUIT", []),
  ])
  func `answers carry the label of their request`(line: String, answers: [String]) {
    let harness = HubHarness()
    _ = harness.logIn("akash")
    let neha = harness.logIn("neha", "tags")
    #expect(harness.send(as: neha, "@label=7 \(line)") == answers)
  }

  @Test(arguments: [
    ("LOGIN neha", ["@label=7;idle=60 OK LOGIN", "MOTD Welcome."]),
    ("LOGIN akash", ["@label=7 ERR username-taken LOGIN Somebody with this name is here already; choose another."]),
    (
      "LOGIN a b",
      ["@label=7 ERR invalid-username LOGIN A name has 1 to 32 bytes, a letter or digit among them, no spaces."]
    ),
    ("PING", ["@label=7 ERR not-logged-in PING Log in first: LOGIN name."]),
  ])
  func `answers before the login carry the label too`(line: String, answers: [String]) {
    let harness = HubHarness(HubSettings(messageOfTheDay: ["Welcome."]))
    _ = harness.logIn("akash")
    let neha = harness.connect()
    #expect(harness.send(as: neha, "CAP REQ tags", "@label=7 \(line)") == ["CAP ACK tags"] + answers)
  }

  @Test func `labels are kept apart when the log answers late`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    let akash = harness.logIn("akash", "tags")
    harness.storage = .waits
    harness.send(as: neha, "@label=a MSG one")
    harness.send(as: akash, "@label=b MSG two")
    harness.send(as: neha, "@label=c MSG three", "@label=d DM nobody x")
    #expect(harness.takeOutput(of: akash) == [])
    harness.answerStore(successfully: true)
    harness.answerStore(successfully: false)
    harness.answerStore(successfully: true)
    #expect(
      harness.takeOutput(of: neha) == [
        "@\(HubHarness.place(1)) MSG neha one", "@label=a;\(HubHarness.place(1)) OK MSG",
        "@\(HubHarness.place(2)) MSG neha three",
        "@label=c;\(HubHarness.place(2)) OK MSG",
        "@label=d ERR user-not-found DM Nobody with this name is here.",
      ])
    #expect(
      harness.takeOutput(of: akash) == [
        "@\(HubHarness.place(1)) MSG neha one",
        "@label=b ERR storage-unavailable MSG The server cannot store messages at the moment; it was not sent.",
        "@\(HubHarness.place(2)) MSG neha three",
      ])
  }

  @Test func `each list of users has its own reference`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", "tags")
    #expect(
      harness.send(as: neha, "WHO", "WHO") == [
        "BATCH +0 who", "@batch=0 USER neha", "BATCH -0", "BATCH +1 who", "@batch=1 USER neha", "BATCH -1",
      ])
  }
}
