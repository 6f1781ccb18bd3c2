import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Answers of the server to operator commands.
@Suite
struct AnswerTests {
  private static let zoe = Nickname(testing: "zoe")
  private static let neha = Nickname(testing: "neha")

  private static func sanctions() -> [Sanction] {
    [
      Sanction(
        kind: .mute, subject: .name(zoe), until: Timestamp(milliseconds: Timestamp.noon.milliseconds + 43_200_000),
        by: neha, reason: "loud"),
      Sanction(kind: .ban, subject: .network(.testing), until: nil, by: Nickname(testing: "host"), reason: ""),
      Sanction(
        kind: .ban, subject: .key(.testing(9)), until: Timestamp(milliseconds: Timestamp.noon.milliseconds * 2),
        by: neha, reason: "spam"),
    ]
  }

  @Test(
    arguments: [
      (.mute(zoe, for: .seconds(43_200), reason: ""), "zoe is muted for 12 hours"),
      (.mute(zoe, for: .seconds(60), reason: "loud"), "zoe is muted for 1 minute: loud"),
      (.ban(.name(zoe), for: .forever, reason: "spam"), "the name zoe is banned for ever: spam"),
      (.ban(.network(.testing), for: .seconds(604_800), reason: ""), "the network 192.0.2.0/24 is banned for 1 week"),
      (.ban(.key(.testing(0)), for: .seconds(90), reason: ""), "the key AAAAAAAAAA… is banned for 90 seconds"),
      (.unban(.name(zoe)), "the name zoe is not banned any more"), (.unmute(zoe), "zoe is not muted any more"),
      (.kick(zoe, reason: "rules"), "zoe was thrown out: rules"),
      (.slow(.lobby, seconds: 10), "#lobby is slow: a message every 10 seconds from each person"),
      (.slow(.lobby, seconds: 0), "#lobby is not slow any more"),
      (.makeOperator(zoe), "zoe is an operator"), (.unmakeOperator(zoe), "zoe is no operator any more"),
      (.invite(RoomName(testing: "#shed"), zoe), "zoe may come into #shed"),
      (.uninvite(RoomName(testing: "#shed"), zoe), "zoe may not come into #shed any more"),
      (.addKey(.testing(.testing(0)), label: "laptop"), "the name belongs to the key AAAAAAAAAA…, too: laptop"),
      (.removeKey(.testing(0)), "the name does not belong to the key AAAAAAAAAA… any more"),
      (.redact(.lobby, sequence: 7, reason: ""), "message 7 of #lobby was removed"),
      (.kick(zoe, reason: "\u{202e}\u{1b}[31mx"), "zoe was thrown out: �[31mx"),
    ] as [(AdminRequest, String)])
  func `answers are shown in words`(request: AdminRequest, words: String) {
    var harness = InterfaceHarness.online(120, 24)
    harness.receive(.administered(request, .done(code: nil)))
    #expect(harness.pane.last == "            --   \(words)")
    #expect(harness.style(of: words) == .dim)
  }

  @Test
  func `answers are shown in the tab in which the command was typed`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.enter("/op zoe")
    harness.enter("/dm kim")
    harness.enter("/op zoe")
    harness.receive(.administered(.makeOperator(Self.zoe), .refused(reason: ErrorCode.notOperator.explanation)))
    #expect(harness.pane.isEmpty)
    harness.receive(.administered(.makeOperator(Self.zoe), .done(code: nil)))
    #expect(harness.pane.last == " 12:01  --      zoe is an operator")
    harness.press("Alt+1")
    #expect(harness.pane.last == "        !!      /op: Only operators may do this.")
    #expect(harness.style(of: "/op: Only") == Style(.alert))
    // The tab was closed, or the answer belongs to no command.
    harness.receive(.administered(.makeOperator(Self.zoe), .done(code: nil)))
    #expect(harness.pane.last == "        --      zoe is an operator")
  }

  @Test
  func `listed answers are aligned, at 80 by 24`() {
    var harness = InterfaceHarness.online(80, 24, isOperator: true)
    harness.press("F8")
    harness.enter("/bans")
    harness.receive(.administered(.listSanctions, .sanctions(Self.sanctions())))
    harness.enter("/key")
    harness.receive(
      .administered(
        .listKeys,
        .keys([
          AccountKey(key: .testing(0), added: Timestamp(milliseconds: 1_700_000_000_000), label: "laptop"),
          AccountKey(key: .testing(255), added: .noon, label: ""),
        ])))
    harness.enter("/audit")
    harness.receive(
      .administered(
        .listActs(limit: 20),
        .acts([
          Act(time: .noon, by: Self.neha, verb: .ban, subject: "@zoe", text: "7d: spam"),
          Act(
            time: Timestamp(milliseconds: Timestamp.noon.milliseconds - 60_000), by: Nickname(testing: "host"),
            verb: .makeOperator, subject: "@neha", text: ""),
        ])))
    harness.enter("/ops")
    harness.receive(.administered(.listOperators, .operators([Self.neha])))
    harness.expectScreen(
      """
       1 #lobby                                                                   1 ☺







      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       12:01  --      connected to localhost:4000 as neha
              --      banned and muted:
                      zoe              muted   until 23 Nov 00:01 by neha: loud
                      192.0.2.0/24     banned  for ever by host
                      key:CQkJCQkJCQ…  banned  until 2083-10-14 00:02 by neha: spam
              --      the name belongs to:
                      AAAAAAAAAA…  since 2023-11-14  laptop
                      __________…  since 22 Nov
              --      acts of operators, the newest last:
                      22 Nov 12:00  host  op   @neha
                      22 Nov 12:01  neha  ban  @zoe   7d: spam
              --      operators:
                      neha
       neha (op) · localhost:4000                                             F1 help
       #lobby›
      """)
  }

  @Test
  func `listed answers at 40 by 12, in another time zone`() {
    var harness = InterfaceHarness(40, 12, offset: 3600)
    harness.goOnline()
    harness.enter("/clear")
    harness.enter("/bans")
    harness.receive(.administered(.listSanctions, .sanctions(Array(Self.sanctions().prefix(2)))))
    harness.expectScreen(
      """
       1 #lobby



      ─────── Sunday, 22 November 2026 ───────
       13:01 -- banned and muted:
               zoe           muted   until 23
               Nov 01:01 by neha: loud
               192.0.2.0/24  banned  for ever
               by host
       neha · localhost:4000          F1 help
       #lobby›
      """)
  }

  @Test
  func `answers say so when a list is empty, and cut a long one`() {
    var harness = InterfaceHarness.online(120, 24)
    for (request, answer, words) in [
      (.listSanctions, .sanctions([]), "nobody is banned or muted"),
      (.listKeys, .keys([]), "the name belongs to no key"),
      (.listOperators, .operators([]), "nobody is an operator"),
      (.listActs(limit: 1), .acts([]), "no operator has acted yet"),
      (.listOperators, .operators((0..<1000).map { Nickname(testing: "op\($0)") }), "and 800 more"),
    ] as [(AdminRequest, AdminAnswer, String)] {
      harness.receive(.administered(request, answer))
      #expect(harness.pane.last?.hasSuffix(words) == true, "\(words)")
    }
  }

  @Test(arguments: [20, 40, 80])
  func `answers confine hostile text to its place`(columns: Int) {
    let evil = "\u{1b}[2J\u{202e}evil\u{2066}\n\u{7}\(String(repeating: "長", count: 300))"
    var harness = InterfaceHarness.online(columns, 10)
    harness.receive(
      .administered(.listKeys, .keys([AccountKey(key: .testing(0), added: .noon, label: evil)])),
      .administered(
        .listSanctions,
        .sanctions([Sanction(kind: .ban, subject: .name(Self.zoe), until: nil, by: Self.neha, reason: evil)])),
      .administered(
        .listActs(limit: 1), .acts([Act(time: .noon, by: Self.neha, verb: .ban, subject: evil, text: evil)])),
      .administered(.kick(Self.zoe, reason: evil), .done(code: evil)),
      .administered(.kick(Self.zoe, reason: evil), .refused(reason: evil)))
    for entry in harness.interface.tabs.current.transcript.entries {
      switch entry.body {
      case .notice(let text), .alert(let text):
        #expect(!text.unicodeScalars.contains { "\u{1b}\u{7}\u{202e}\u{2066}".unicodeScalars.contains($0) }, "\(text)")
      default: break
      }
    }
    let scalars = harness.screen.rows.joined().unicodeScalars
    #expect(!scalars.contains { $0.properties.generalCategory == .control || $0.properties.generalCategory == .format })
    // No row hides a later message.
    harness.receiveMessage(from: "zoe", "hi")
    #expect(harness.pane.last?.hasSuffix("hi") == true)
  }

  @Test
  func `answers make listed names and keys available to completion`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"], isOperator: true)
    harness.receive(
      .administered(
        .listKeys,
        .keys([
          AccountKey(key: .testing(0), added: .noon), AccountKey(key: .testing(255), added: .noon),
        ])), .administered(.listSanctions, .sanctions(Self.sanctions())))
    func completed(_ text: String, _ tabs: Int = 1) -> String {
      var harness = harness
      harness.type(text)
      for _ in 0..<tabs { harness.press("Tab") }
      return harness.input
    }
    #expect(completed("/key re") == "/key remove ")
    #expect(completed("/key remove A") == "/key remove \(PublicKey.testing(0)) ")
    #expect(completed("/unban 1") == "/unban 192.0.2.0/24 ")
    #expect(completed("/unban k") == "/unban key:\(PublicKey.testing(9)) ")
    #expect(completed("/unmute ") == "/unmute zoe ")
    #expect(completed("/ban zoe 7") == "/ban zoe 7d ")
    #expect(completed("/mute z", 1) == "/mute zoe ")
    #expect(completed("/mu", 2) == "/mute zoe ")
    #expect(completed("/invite zoe ", 1) == "/invite zoe #lobby ")
    for (text, request) in [
      ("/key remove AAAA", .removeKey(.testing(0))), ("/key remove AAAAAAAAAA…", .removeKey(.testing(0))),
      ("/unban key:CQkJCQkJCQ…", .unban(.key(.testing(9)))),
    ] as [(String, AdminRequest)] {
      harness.enter(text)
      #expect(harness.takeCommands() == [.client(.admin(request))])
    }
    harness.receive(
      .administered(
        .listKeys,
        .keys([
          AccountKey(key: .testing(0), added: .noon), AccountKey(key: .testing(1), added: .noon),
        ])))
    for (word, answer) in [("A", "several keys of yours begin with A"), ("zz", "no key of yours begins with zz;")] {
      harness.enter("/key remove \(word)")
      #expect(harness.takeCommands().isEmpty)
      #expect(harness.pane.contains { $0.contains(answer) }, "\(harness.pane)")
    }
  }

  @Test
  func `answers end one's own operator rights`() {
    var harness = InterfaceHarness.online(80, 24, isOperator: true)
    harness.receive(.administered(.unmakeOperator(Self.zoe), .done(code: nil)))
    harness.receive(.administered(.unmakeOperator(Self.neha), .refused(reason: "No.")))
    #expect(harness.statusRow.hasPrefix(" neha (op) "))
    harness.receive(.administered(.unmakeOperator(Self.neha), .done(code: nil)))
    #expect(harness.statusRow.hasPrefix(" neha · "))
  }

  @Test
  func `operator commands are completed only for operators`() {
    for (isOperator, word) in [(true, "/kick "), (false, "/ki")] {
      var harness = InterfaceHarness.online(80, 24, isOperator: isOperator)
      harness.type("/ki")
      harness.press("Tab")
      #expect(harness.input == word)
    }
  }
}
