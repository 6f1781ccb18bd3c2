import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

@Suite
struct MessageFormatTests {
  /// The text with each formatted part in brackets after the first letter of its kind: `b[*bold*]`.
  private func drawn(_ text: String) -> String {
    let format = MessageFormat(text)
    guard !format.isPlain else { return text }
    var drawn = ""
    let kinds: [(MessageFormat.Kind, String)] = [
      (.bold, "b"), (.italic, "i"), (.struck, "s"), (.code, "c"), (.link, "l"), (.quote, "q"),
    ]
    var open: MessageFormat.Kind = []
    for (scalar, kind) in zip(text.unicodeScalars, format.kinds) {
      let shown = kind.subtracting(.sign)
      if shown != open {
        if !open.isEmpty { drawn += "]" }
        if !shown.isEmpty { drawn += kinds.filter { shown.contains($0.0) }.map(\.1).joined() + "[" }
        open = shown
      }
      drawn.unicodeScalars.append(scalar)
    }
    return drawn + (open.isEmpty ? "" : "]")
  }

  @Test(arguments: [
    ("*bold*", "b[*bold*]"), ("so *very bold* it is", "so b[*very bold*] it is"), ("_it_, ~no~.", "i[_it_], s[~no~]."),
    ("run `ls -l *` now", "run c[`ls -l *`] now"), ("(*a*)", "(b[*a*])"), ("*a* *b*", "b[*a*] b[*b*]"),
    ("*bold _and italic_*", "b[*bold ]bi[_and italic_]b[*]"), ("_*both*_", "i[_]bi[*both*]i[_]"),
    ("`*no*`", "c[`*no*`]"), ("*öß 你*", "b[*öß 你*]"), ("“*quoted*”", "“b[*quoted*]”"),
    ("*one\ntwo*", "*one\ntwo*"), ("`one\ntwo`", "`one\ntwo`"), ("``", "``"), ("``x``", "`c[`x`]`"),
    ("（*重要*）", "（b[*重要*]）"), ("「*重要*」", "「b[*重要*]」"), ("好，*重要*。", "好，b[*重要*]。"), ("_好_（注）", "i[_好_]（注）"),
    ("好。~不~、", "好。s[~不~]、"), ("这是*重要*的", "这是b[*重要*]的"), ("日本語*強調*です", "日本語b[*強調*]です"),
    ("用*API*吧", "用b[*API*]吧"), ("한국*어*야", "한국b[*어*]야"), ("นี่*คือ*นี่", "นี่b[*คือ*]นี่"),
    ("> quoted *so*\n>> twice\n>:( >=", "q[> quoted ]bq[*so*]q[\n>> twice\n]>:( >="),
  ])
  func `is recognised at the borders of words`(text: String, expected: String) { #expect(drawn(text) == expected) }

  @Test(arguments: [
    "snake_case_name", "2*3*4", "2 * 3 * 4", "/usr/lib/*_test.c", "~/notes and ~/mail", "*.swift and *.md", "__init__",
    "**kwargs", "* item", "_", "*", "**", "a*b", "*a", "a*", "*a *", "* a*", "f(*args, **kwargs)", "x_1 and y_2",
    "*/5 * * * *", "~", "~~", "it cost 5* or 6*", "a _ b _ c", "5 ~ 6 ~ 7", "int *p, *q;", "`", "it's `open", "-_-",
    "^_^",
    "¯\\_(ツ)_/¯", "o_O o_O", "a*é*b", "e\u{301}*b*e\u{301}", "文件_名_一", "月~水、木~金", "ヽ_(ツ)_ノ",
  ])
  func `leaves other texts alone`(text: String) { #expect(drawn(text) == text) }

  @Test(arguments: [
    ("see https://a.example/x_y_z/*a*.", "see l[https://a.example/x_y_z/*a]*."),
    ("(https://en.example/wiki/A_(b))", "(l[https://en.example/wiki/A_(b)])"),
    ("<http://a.example>, or HTTP://B.example/?q=1!", "<l[http://a.example]>, or l[HTTP://B.example/?q=1]!"),
    ("https://a.example/你好。好", "l[https://a.example/你好]。好"), ("https:// x", "https:// x"), ("://", "://"),
    ("xhttps://a.example", "xhttps://a.example"), ("*https://a.example*", "b[*]bl[https://a.example]b[*]"),
    ("swiftchat://192.0.2.7:4000/?pin=abc", "l[swiftchat://192.0.2.7:4000/?pin=abc]"),
    ("file:///etc/passwd", "file:///etc/passwd"),
    ("见https://a.example", "见l[https://a.example]"), ("（https://a.example）", "（l[https://a.example]）"),
    ("これhttps://a.example。", "これl[https://a.example]。"), ("カナhttps://a.example", "カナl[https://a.example]"),
    ("한국https://a.example", "한국l[https://a.example]"), ("ดูhttps://a.example", "ดูl[https://a.example]"),
    ("🙂https://a.example", "🙂l[https://a.example]"), ("1https://a.example", "1https://a.example"),
    ("éhttps://a.example", "éhttps://a.example"), ("e\u{301}https://a.example", "e\u{301}https://a.example"),
    ("नेhttps://a.example", "नेhttps://a.example"), ("x_https://a.example", "x_https://a.example"),
    ("_https://a.example_", "i[_]il[https://a.example]i[_]"), ("‘https://a.example’", "‘l[https://a.example]’"),
    ("https://a.example https://b.example", "l[https://a.example] l[https://b.example]"),
  ])
  func `finds links whole, and no other format in them`(text: String, expected: String) {
    #expect(drawn(text) == expected)
  }

  private func noise(_ random: inout SeededGenerator) -> String {
    (0..<random.number(0...12)).map { _ in
      random.pick(["*", "_", "~", "`", "```", "\n", " ", "a", "b_c", "https://x.example/", "://", "(", ")", ".", "> "])
        + random.rawText(upTo: 2)
    }.joined()
  }

  @Test(.computing)
  func `covers every scalar, with ordered links and signs that open and close`() throws {
    var random = SeededGenerator()
    for _ in 0..<5000 {
      let text = noise(&random)
      let format = MessageFormat(text)
      let count = text.unicodeScalars.count
      try #require(format.isPlain || format.kinds.count == count, "\(random)")
      var end = 0
      for link in format.links {
        try #require(link.lowerBound >= end && link.upperBound <= count && !link.isEmpty, "\(random)")
        end = link.upperBound
      }
      try #require(format.kinds.count { $0.contains(.sign) }.isMultiple(of: 2), "\(random): \(text.debugDescription)")
    }
  }

  @Test(.computing)
  func `loses no character on the screen, at any width`() throws {
    var random = SeededGenerator()
    for _ in 0..<3000 {
      let text = DisplayText.sanitize(noise(&random))
      let layout = TranscriptLayout(
        width: random.number(20...90), offset: { _ in 0 }, style: random.pick(LayoutStyle.allCases),
        isWide: random.flip())
      let message = TranscriptEntry.Message(
        author: Nickname(testing: "zoe"), text: text, isOwn: false, isMention: random.flip())
      let entry = TranscriptEntry(id: 1, time: .noon, body: .message(message), messageCount: 1)
      let rows = layout.rows(of: entry, time: nil, showsName: false)
      var shown: [Unicode.Scalar] = []
      for row in rows {
        for (index, piece) in row.pieces.enumerated() {
          guard piece.column >= layout.columns.text, !row.links.contains(where: { $0.piece == index }) else { continue }
          try #require(piece.column + piece.text.cellWidth <= max(layout.width, layout.columns.text + 2), "\(random)")
          shown += piece.text.unicodeScalars.filter { !$0.properties.isWhitespace }
        }
      }
      let isInline = !layout.columns.hasNameColumn
      let lead = isInline && message.action == nil ? "zoe:" : isInline ? "*zoe" : message.action == nil ? "" : "zoe"
      let parts = MessagePart.parts(of: message.action ?? text)
      let expected = parts.map { part in
        switch part {
        case .text(let text): text
        case .code(let lines): lines.joined(separator: "\n")
        }
      }.joined(separator: "\n")
      let visible = (lead + expected).unicodeScalars.filter { !$0.properties.isWhitespace }
      try #require(shown == Array(visible), "\(random): \(text.debugDescription)")
      try #require(rows.flatMap(\.links).map(\.address).allSatisfy { text.contains($0) }, "\(random)")
    }
  }

  /// Counts the accesses to the scalars of a text.
  private struct CountedScalars: ScalarArray {
    final class Counter { var reads = 0 }

    let scalars: [Unicode.Scalar]
    let counter = Counter()

    init(_ text: String) { scalars = Array(text.unicodeScalars) }

    var startIndex: Int { 0 }
    var endIndex: Int { scalars.count }

    subscript(index: Int) -> Unicode.Scalar {
      counter.reads += 1
      return scalars[index]
    }
  }

  @Test(arguments: [
    "*a ", "*", "_*~`", "*a", "`", "https://", "a://b ", "(((", "https://)", "://", "x_", "_", "_https://", "你*", "*你",
    "e\u{301}*", "\u{301}", "https://))))", ")", "https://....", ">", "\n> *", "ssh://x",
  ])
  func `reads each scalar a limited number of times, whatever the length`(unit: String) {
    for count in [10, 400, 4000] {
      let text = CountedScalars(String(repeating: unit, count: count))
      let format = MessageFormat(scalars: text)
      #expect(text.counter.reads <= 60 * text.count, "\(count)")
      let isAsText = format == MessageFormat(String(repeating: unit, count: count))
      #expect(isAsText, "\(count)")
    }
  }

  // MARK: Screens

  @Test
  func `is shown with its signs, in styles`() {
    var harness = InterfaceHarness.online(80, 9, with: ["zoe"])
    harness.receiveMessage(from: "zoe", "a *bold* word, an _italic_ one, a ~struck~ one, and `code`; but no snake_case")
    harness.receiveMessage(
      from: "zoe", "*neha*: look at https://ci.example.org/builds/4711/log?step=integration and at http://b.example.")
    harness.expectScreen(
      """
       1 #lobby                                                                   2 ☺
       12:01  --      connected to localhost:4000 as neha
              zoe     a *bold* word, an _italic_ one, a ~struck~ one, and `code`; but
                      no snake_case
                    ▌ *neha*: look at
                    ▌ ¹https://ci.example.org/builds/4711/log?step=integration and at
                    ▌ ²http://b.example.
       neha · localhost:4000                                                  F1 help
       #lobby›
      """)
    #expect(harness.style(of: "bold*") == .bold)
    #expect(harness.style(of: "italic_") == Style(.standard, .italic))
    #expect(harness.style(of: "struck~") == .dim)
    #expect(harness.style(of: "code`") == Style(.good))
    #expect(harness.style(of: "`code") == .dim)
    #expect(harness.style(of: "snake_case") == .plain)
    #expect(harness.style(of: "https://ci") == Style(.highlight, .underlined))
    #expect(harness.style(of: "neha*") == Style(.highlight, .bold))
    harness.resize(40, 10)
    harness.expectScreen(
      """
       1 #lobby                           2 ☺
       12:01 zoe: a *bold* word, an _italic_
               one, a ~struck~ one, and
               `code`; but no snake_case
            ▌zoe: *neha*: look at
            ▌  ¹https://ci.example.org/builds/
            ▌  4711/log?step=integration and
            ▌  at ²http://b.example.
       neha · localhost:4000          F1 help
       #lobby›
      """)
    harness.resize(20, 12)
    harness.expectScreen(
      """
       1 #lobby       2 ☺
         no snake_case
      ▌zoe: *neha*: look
      ▌  at
      ▌  ¹https://ci.examp
      ▌  le.org/builds/471
      ▌  1/log?step=integr
      ▌  ation and at
      ▌  ²http://b.example
      ▌  .
       neha · localhost:4…
      ›
      """)
  }

  @Test(arguments: [80, 40])
  func `a block of code is shown verbatim, with a bar`(columns: Int) {
    var harness = InterfaceHarness.online(columns, 12, with: ["zoe"])
    harness.receiveMessage(
      from:
        "zoe",
      "try this:\n```swift\nfunc retry(_ n: Int) {\n\n    sleep(1 << i)  // *not* bold, and it is a long line here\n}\n```\n> it works"
    )
    if columns == 80 {
      harness.expectScreen(
        """
         1 #lobby                                                                   2 ☺

        ─────────────────────────── Sunday, 22 November 2026 ───────────────────────────
         12:01  --      connected to localhost:4000 as neha
                zoe     try this:
                      │ func retry(_ n: Int) {
                      │
                      │     sleep(1 << i)  // *not* bold, and it is a long line here
                      │ }
                        > it works
         neha · localhost:4000                                                  F1 help
         #lobby›
        """)
    } else {
      harness.expectScreen(
        """
         1 #lobby                           2 ☺
         12:01 -- connected to localhost:4000 as
                 neha
               zoe: try this:
              │  func retry(_ n: Int) {
              │
              │      sleep(1 << i)  // *not* bol
              │  d, and it is a long line here
              │  }
                 > it works
         neha · localhost:4000          F1 help
         #lobby›
        """)
    }
    #expect(harness.style(of: "*not* bol") == .plain)
    #expect(harness.style(of: "> it works") == .dim)
  }

  @Test
  func `links in view have numbers, and a page has its own`() {
    var harness = InterfaceHarness.online(80, 10, with: ["zoe"])
    for number in 1...12 { harness.receiveMessage(from: "zoe", "https://example.org/\(number)") }
    #expect(harness.pane.last == "                ⁷https://example.org/12", "\(harness.pane)")
    #expect(harness.pane.first == " 12:01  zoe     ¹https://example.org/6")
    harness.press("PgUp")
    #expect(harness.pane.contains { $0.hasSuffix("⁴https://example.org/4") }, "\(harness.pane)")
  }
}
