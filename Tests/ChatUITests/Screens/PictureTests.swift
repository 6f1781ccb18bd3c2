import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// A busy room, with everything that a transcript can show.
@Suite
struct PictureTests {
  private let dev = "#dev"

  /// A room with unread messages, read by an operator.
  private func harness(_ columns: Int, _ rows: Int) -> InterfaceHarness {
    var harness = InterfaceHarness.online(
      columns, rows, name: "ada", with: ["bot", "Li_Wei", "marco", "neha", "priya", "zoe"], isOperator: true)
    harness.receive(.roomJoined(RoomName(testing: dev)))
    harness.receive(
      .roster(
        RoomName(testing: dev),
        ["ada", "bot", "Li_Wei", "marco", "neha", "priya", "zoe"].map { Person(Nickname(testing: $0)) }),
      .topic(RoomName(testing: dev), "Release 2.0 on Friday, freeze on Wednesday"))
    harness.press("Alt+2")
    harness.advanceClock(by: 230 * 60)
    harness.receiveMessage(
      from:
        "marco",
      "yes: it is the DNS timeout again, https://ci.example.org/builds/4711/log?step=integration#L2203 shows it",
      in: dev)
    harness.receiveMessage(
      from: "zoe", "I can take it. The resolver falls back after 5 s, and the test waits for exactly 5 s.", in: dev)
    harness.receiveMessage(from: "zoe", "I would rather mock it.", in: dev)
    harness.advanceClock(by: 120)
    harness.receiveMessage(from: "neha", "ada: can you review resolver.swift when you are back?", in: dev)
    harness.receiveMessage(from: "ada", "sure, after lunch", in: dev)
    harness.press("Alt+1")
    harness.receive(.away(Nickname(testing: "marco"), text: "lunch"))
    harness.receive(.away(Nickname(testing: "priya"), text: ""))
    harness.advanceClock(by: 120)
    harness.receiveMessage(from: "priya", "important: the demo is at 15:00, not at 16:00", in: dev)
    harness.receiveMessage(from: "Li_Wei", "好的，我下午三点之前把演示文稿准备好 👍", in: dev)
    harness.receiveMessage(from: "marco", "/me brews coffee ☕", in: dev)
    harness.receiveLeave("marco", room: dev)
    harness.receiveJoin("bot", "kim", room: dev)
    harness.advanceClock(by: 120)
    harness.receiveMessage(from: "zoe", "ada: the demo host is 192.0.2.7, port 4000", in: dev)
    harness.receiveDirectMessage(from: "zoe", "psst")
    harness.press("Alt+2")
    harness.enter("on its way …")
    return harness
  }

  @Test
  func `at 80 by 24`() {
    harness(80, 24).expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1    Release 2.0 on Friday, freeze on Wednesday · 7 ☺





      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
       15:51  marco   yes: it is the DNS timeout again,
                      ¹https://ci.example.org/builds/4711/log?step=integration#L2203
                      shows it
              zoe     I can take it. The resolver falls back after 5 s, and the test
                      waits for exactly 5 s.
                      I would rather mock it.
       15:53  neha  ▌ ada: can you review resolver.swift when you are back?
              ada     sure, after lunch
      ──────────────────────────────────── 4 new ─────────────────────────────────────
       15:55  priya   important: the demo is at 15:00, not at 16:00
              Li_Wei  好的，我下午三点之前把演示文稿准备好 👍
              *       marco brews coffee ☕
              ·       marco left · bot, kim joined
       15:57  zoe   ▌ ada: the demo host is 192.0.2.7, port 4000
         ···  ada     on its way …
       ada (op) · localhost:4000                                              F1 help
       #dev›
      """)
  }

  @Test
  func `at 120 by 40`() {
    harness(120, 40).expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1                                                                                     F1 help
       Release 2.0 on Friday, freeze on Wednesday                                                         7 in #dev
                                                                                                          ● ada       you, op
                                                                                                          ● bot
                                                                                                          ● kim
                                                                                                          ● Li_Wei
                                                                                                          ● neha
                                                                                                          ● zoe            •1
                                                                                                          ○ priya       4 min














      ──────────────────────────────────── Sunday, 22 November 2026 ────────────────────────────────────
       15:51   marco   yes: it is the DNS timeout again,
                       ¹https://ci.example.org/builds/4711/log?step=integration#L2203 shows it
                 zoe   I can take it. The resolver falls back after 5 s, and the test waits for exactly
                       5 s.
                       I would rather mock it.
       15:53    neha ▌ ada: can you review resolver.swift when you are back?
                 ada   sure, after lunch
      ───────────────────────────────────────────── 4 new ──────────────────────────────────────────────
       15:55   priya   important: the demo is at 15:00, not at 16:00
              Li_Wei   好的，我下午三点之前把演示文稿准备好 👍
                   *   marco brews coffee ☕
                   ·   marco left · bot, kim joined
       15:57     zoe ▌ ada: the demo host is 192.0.2.7, port 4000
         ···     ada   on its way …
       ada (op) · localhost:4000
       #dev›
      """)
  }

  @Test
  func `at 40 by 10`() {
    harness(40, 10).expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1         7 ☺
       15:55 Li_Wei: 好的，我下午三点之前把演
               示文稿准备好 👍
             * marco brews coffee ☕
             · marco left · bot, kim joined
       15:57▌zoe: ada: the demo host is
            ▌  192.0.2.7, port 4000
         ··· ada: on its way …
       ada (op) · localhost:4000      F1 help
       #dev›
      """)
  }

  @Test
  func `at 20 by 5`() {
    harness(20, 5).expectScreen(
      """
      ‹ 2 #dev  3 @zoe•1
       ··· ada: on its way
         …
       ada (op) · localho…
      ›
      """)
  }

  @Test
  func `a page repeats the time and the name of its first message`() {
    var harness = harness(80, 8)
    harness.press("PgUp")
    harness.expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1    Release 2.0 on Friday, freeze on Wednesday · 7 ☺
       15:53  neha  ▌ ada: can you review resolver.swift when you are back?
              ada     sure, after lunch
      ──────────────────────────────────── 4 new ─────────────────────────────────────
       15:55  priya   important: the demo is at 15:00, not at 16:00
              Li_Wei  好的，我下午三点之前把演示文稿准备好 👍
       ▼ 3 below                                                              F1 help
       #dev›
      """)
    harness.press("PgUp")
    harness.expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1    Release 2.0 on Friday, freeze on Wednesday · 7 ☺
       15:51  marco   shows it
              zoe     I can take it. The resolver falls back after 5 s, and the test
                      waits for exactly 5 s.
                      I would rather mock it.
       15:53  neha  ▌ ada: can you review resolver.swift when you are back?
       ▼ 6 below                                                              F1 help
       #dev›
      """)
  }

  @Test
  func `in the classic layout, at 120 by 24 and at 80 by 24`() {
    var harness = harness(120, 24)
    var preferences = Preferences()
    preferences.layout = .classic
    harness.update(.preferences(preferences))
    harness.expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1                                                                                     F1 help
       Release 2.0 on Friday, freeze on Wednesday                                                         7 in #dev
                                                                                                          ● ada       you, op
                                                                                                          ● bot
                                                                                                          ● kim
                                                                                                          ● Li_Wei
                                                                                                          ● neha
      ──────────────────────────────────── Sunday, 22 November 2026 ────────────────────────────────────  ● zoe            •1
      15:51        marco │ yes: it is the DNS timeout again,                                              ○ priya       4 min
                         │ ¹https://ci.example.org/builds/4711/log?step=integration#L2203 shows it
      15:51          zoe │ I can take it. The resolver falls back after 5 s, and the test waits for
                         │ exactly 5 s.
      15:51          zoe │ I would rather mock it.
      15:53         neha ▌ ada: can you review resolver.swift when you are back?
      15:53          ada │ sure, after lunch
      ───────────────────────────────────────────── 4 new ──────────────────────────────────────────────
      15:55        priya │ important: the demo is at 15:00, not at 16:00
      15:55       Li_Wei │ 好的，我下午三点之前把演示文稿准备好 👍
      15:55            * │ marco brews coffee ☕
      15:55          <-> │ marco left · bot, kim joined
      15:57          zoe ▌ ada: the demo host is 192.0.2.7, port 4000
        ···          ada │ on its way …
       ada (op) · localhost:4000
       #dev›
      """)
    harness.resize(80, 24)
    harness.expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1    Release 2.0 on Friday, freeze on Wednesday · 7 ☺





      ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
      15:51        marco │ yes: it is the DNS timeout again,
                         │ ¹https://ci.example.org/builds/4711/log?step=integration#L2
                         │ 203 shows it
      15:51          zoe │ I can take it. The resolver falls back after 5 s, and the
                         │ test waits for exactly 5 s.
      15:51          zoe │ I would rather mock it.
      15:53         neha ▌ ada: can you review resolver.swift when you are back?
      15:53          ada │ sure, after lunch
      ──────────────────────────────────── 4 new ─────────────────────────────────────
      15:55        priya │ important: the demo is at 15:00, not at 16:00
      15:55       Li_Wei │ 好的，我下午三点之前把演示文稿准备好 👍
      15:55            * │ marco brews coffee ☕
      15:55          <-> │ marco left · bot, kim joined
      15:57          zoe ▌ ada: the demo host is 192.0.2.7, port 4000
        ···          ada │ on its way …
       ada (op) · localhost:4000                                              F1 help
       #dev›
      """)
    harness.resize(40, 10)
    harness.expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1         7 ☺
      15:55 Li_Wei: 好的，我下午三点之前把演示
              文稿准备好 👍
      15:55 * marco brews coffee ☕
      15:55 <-> marco left · bot, kim joined
      15:57▌zoe: ada: the demo host is
           ▌  192.0.2.7, port 4000
        ··· ada: on its way …
       ada (op) · localhost:4000      F1 help
       #dev›
      """)
  }

  @Test
  func `with times of twelve hours`() {
    var harness = harness(80, 10)
    var preferences = Preferences()
    preferences.timeFormat = .twelveHours
    harness.update(.preferences(preferences))
    harness.expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1    Release 2.0 on Friday, freeze on Wednesday · 7 ☺
      ──────────────────────────────────── 4 new ─────────────────────────────────────
        3:55 pm  priya   important: the demo is at 15:00, not at 16:00
                 Li_Wei  好的，我下午三点之前把演示文稿准备好 👍
                 *       marco brews coffee ☕
                 ·       marco left · bot, kim joined
        3:57 pm  zoe   ▌ ada: the demo host is 192.0.2.7, port 4000
            ···  ada     on its way …
       ada (op) · localhost:4000                                              F1 help
       #dev›
      """)
    harness.resize(40, 10)
    harness.expectScreen(
      """
       1 #lobby  2 #dev  3 @zoe•1         7 ☺
        3:55 pm Li_Wei: 好的，我下午三点之前把
                  演示文稿准备好 👍
                * marco brews coffee ☕
                · marco left · bot, kim joined
        3:57 pm▌zoe: ada: the demo host is
               ▌  192.0.2.7, port 4000
            ··· ada: on its way …
       ada (op) · localhost:4000      F1 help
       #dev›
      """)
  }

  @Test
  func `the column of names fits the longest name in view, and moves only with the user`() {
    var harness = InterfaceHarness.online(80, 9, with: ["zoe", "marianne"])
    func column() -> Int { harness.interface.walk(in: harness.interface.layout.pane).layout.columns.nameWidth }
    for number in 1...20 { harness.receiveMessage(from: "zoe", "\(number)") }
    #expect(column() == 6)
    harness.receiveMessage(from: "marianne", "hello")
    #expect(column() == 8)
    #expect(harness.pane.contains { $0.contains("marianne  hello") })
    for number in 21...40 { harness.receiveMessage(from: "zoe", "\(number)") }
    #expect(column() == 8, "nothing that is being read moves")
    harness.press("PgUp")
    #expect(column() == 6)
    harness.press("PgUp", "PgUp")
    #expect(column() == 8)
    harness.press("Esc")
    #expect(column() == 6)
    harness.receiveMessage(from: "averyverylongname", "hi")
    #expect(column() == 12)
    #expect(harness.pane.last?.contains("averyverylo…  hi") == true)
    harness.enter("/dm zoe")
    #expect(column() == 6)
  }

  @Test
  func `dates stay in place when joins and leaves are hidden`() {
    var harness = InterfaceHarness.online(80, 12, with: ["zoe"])
    harness.receiveMessage(from: "zoe", "late")
    harness.advanceClock(by: 86_400)
    harness.receiveJoin("kim")
    harness.receiveMessage(from: "zoe", "early")
    harness.press("Alt+=")
    #expect(harness.pane.contains { $0.contains(" Monday, 23 November 2026 ") }, "\(harness.pane)")
    #expect(harness.pane.last == " 12:01  zoe     early")
  }

  @Test
  func `mentions below are counted`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe"])
    for number in 1...30 { harness.receiveMessage(from: "zoe", "\(number)") }
    harness.press("PgUp", "PgUp")
    harness.receiveMessage(from: "zoe", "neha: look")
    #expect(harness.statusRow.hasPrefix(" ▼ 13 below, 1 names you "), "\(harness.statusRow)")
    #expect(harness.style(of: "▼") == Style(.highlight, .bold))
    harness.receiveMessage(from: "zoe", "neha, and here")
    #expect(harness.statusRow.hasPrefix(" ▼ 14 below, 2 name you "))
    harness.press("Esc")
    #expect(!harness.statusRow.contains("▼"))
    harness.advanceClock(by: 1)
    harness.press("PgUp")
    #expect(!harness.statusRow.contains("name"), "they were read")
  }

  @Test
  func `the bytes that are left are counted near the limit of a message`() {
    var harness = InterfaceHarness.online(80, 10)
    let most = LineLimits().line - "MSG ".utf8.count
    harness.paste(String(repeating: "x", count: most - 400))
    #expect(!harness.statusRow.contains("bytes"))
    harness.type("é")
    #expect(harness.statusRow.hasPrefix(" 398 bytes left "))
    harness.paste(String(repeating: "é", count: 199))
    #expect(harness.statusRow.hasPrefix(" 0 bytes left "))
    harness.type("xy")
    #expect(harness.statusRow.hasPrefix(" 2 bytes too long for one message "))
    #expect(harness.style(of: "2 bytes") == Style(.alert, .bold))
    harness.press("Alt+Enter")
    #expect(harness.statusRow.hasPrefix(" 2 bytes too long"), "every line is a message")
    harness.press("Ctrl+C")
    #expect(!harness.statusRow.contains("bytes"))
  }
}
