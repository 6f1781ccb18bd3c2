import Terminal
import TerminalTypes
import TestSupport
import Testing

@testable import swiftchat

/// `swiftchat doctor`: parsing of the terminal's answers, and the findings.
@Suite struct DoctorTests {
  private static var widths: [Int] { WidthSample.all.map(\.expected) }

  private func answer(
    focus: Int? = 2, paste: Int? = 2, clipboard: String? = "1+r4d73=", widths: [Int] = widths, ends: Bool = true
  ) -> [UInt8] {
    var text = ""
    if let focus { text += "\u{1b}[?1004;\(focus)$y" }
    if let paste { text += "\u{1b}[?2004;\(paste)$y" }
    if let clipboard { text += "\u{1b}P\(clipboard)\u{1b}\\" }
    text += "\u{1b}]11;rgb:0000/0000/0000\u{07}"
    for width in widths { text += "\u{1b}[5;\(width + 1)R" }
    return Array((text + (ends ? "\u{1b}[?62;c" : "")).utf8)
  }

  private func facts(_ answers: TerminalAnswers? = nil) -> DoctorFacts {
    DoctorFacts(
      locale: "C.UTF-8", type: "xterm-256color", entry: TerminalType(colors: 256),
      answers: answers ?? TerminalAnswers(answer()), alt: .works)
  }

  private func finding(_ subject: String, of facts: DoctorFacts) -> Finding.Outcome? {
    Diagnosis(of: facts).findings.first { $0.subject == subject }?.outcome
  }

  @Test func `a good terminal has nothing to fix, and each finding is one line`() {
    let diagnosis = Diagnosis(of: facts())
    #expect(diagnosis.isWell)
    #expect(diagnosis.findings.allSatisfy { $0.outcome == .fine }, "\(diagnosis.findings)")
    #expect(diagnosis.findings.first?.description == "ok   locale: C.UTF-8")
    #expect(diagnosis.findings.allSatisfy { !$0.description.contains("\n") })
  }

  @Test func `answers are read at every length, with keys between them`() {
    let bytes = answer()
    for length in 0..<bytes.count { #expect(!TerminalAnswers(Array(bytes[..<length])).isComplete) }
    let all = TerminalAnswers(Array("x\u{1b}OA".utf8) + bytes)
    #expect(all.isComplete)
    #expect(all.widths == Self.widths)
    #expect(all.modes == [1004: 2, 2004: 2])
    #expect(all.setsClipboard == true)
    #expect(TerminalAnswers([0x03]).isInterrupted)
  }

  @Test func `random bytes of a terminal do no harm`() {
    for seed in SeededGenerator.seeds(2000) {
      var random = SeededGenerator(seed: seed)
      let alphabet = Array("\u{1b}[P]\\\u{07};?$Rcy0123456789+rM".utf8)
      let bytes = (0..<random.number(0...60)).map { _ in alphabet[random.number(0...(alphabet.count - 1))] }
      var facts = facts(TerminalAnswers(bytes))
      facts.alt = AltAnswer(bytes)
      #expect(Diagnosis(of: facts).findings.count == 8)
    }
  }

  static let cases: [(String, Finding.Outcome, @Sendable (inout DoctorFacts) -> Void)] = [
    ("locale", .fault, { $0.encoding = .replaced }), ("locale", .fault, { $0.encoding = .missing }),
    ("TERM", .fault, { $0.type = "" }), ("TERM", .fault, { $0.entry = nil }),
    ("TERM", .fault, { $0.entry = TerminalType(colors: 0, canMoveCursor: false) }),
    ("colours", .fault, { $0.entry = TerminalType(colors: 0) }), ("colours", .fine, { $0.noColor = true }),
    ("Alt", .fault, { $0.alt = .types("\u{e5}") }), ("Alt", .unknown, { $0.alt = nil }),
    ("tmux", .fault, { $0.tmux = ["focus-events": "on"] }), ("tmux", .unknown, { $0.tmux = [:] }),
    ("tmux delay after Esc", .fault, { $0.tmux = ["escape-time": "500"] }),
    ("tmux delay after Esc", .fine, { $0.tmux = ["escape-time": "25"] }),
    ("focus reports", .fault, { $0.tmux = ["focus-events": "off"] }),
    ("focus reports", .fine, { $0.tmux = ["focus-events": "on"] }),
    ("clipboard (OSC 52)", .fault, { $0.tmux = ["set-clipboard": "external"] }),
    ("clipboard (OSC 52)", .fine, { $0.tmux = ["set-clipboard": "on"] }),
    ("widths", .unknown, { $0.isTerminal = false }), ("focus reports", .unknown, { $0.isTerminal = false }),
  ]

  @Test(arguments: cases.indices)
  func `each fault is found`(index: Int) {
    let (subject, outcome, change) = Self.cases[index]
    var facts = facts()
    change(&facts)
    #expect(finding(subject, of: facts) == outcome)
  }

  @Test func `what the terminal does not have, or does not say`() {
    let silent = TerminalAnswers(answer(focus: nil, paste: nil, clipboard: nil, widths: []))
    for subject in ["focus reports", "bracketed paste", "clipboard (OSC 52)", "widths"] {
      #expect(finding(subject, of: facts(silent)) == .unknown, "\(subject)")
    }
    let poor = TerminalAnswers(answer(focus: 0, paste: 0, clipboard: "0+r4d73"))
    #expect(finding("focus reports", of: facts(poor)) == .fault)
    #expect(finding("bracketed paste", of: facts(poor)) == .fault)
    #expect(finding("clipboard (OSC 52)", of: facts(poor)) == .unknown)
    var wrong = Self.widths
    wrong[wrong.count - 2] += 2
    let wide = Diagnosis(of: facts(TerminalAnswers(answer(widths: wrong))))
    #expect(wide.findings.last?.outcome == .fault)
    #expect(wide.findings.last?.text.hasPrefix("emoji (6 columns in place of 4)") == true)
  }

  @Test func `tmux options are read from its list`() {
    let text = "escape-time 25\nset-clipboard external\nstatus-left \"#S \"\nempty\n"
    #expect(
      TmuxOptions.options(in: text) == ["escape-time": "25", "set-clipboard": "external", "status-left": "\"#S \""])
  }

  @Test func `the Alt key is recognised by what it sends`() {
    #expect(AltAnswer([0x1b, 0x61]) == .works)
    #expect(AltAnswer(Array("\u{e5}".utf8)) == .types("\u{e5}"))
    #expect(AltAnswer([0x0d]) == .skipped)
    #expect(AltAnswer([]) == .skipped)
    for sent in ["\u{1b}[97;3u", "\u{1b}[27;3;97~"] { #expect(AltAnswer(Array(sent.utf8)) == .works) }
    // An arrow, and Alt+B.
    for sent in ["\u{1b}[A", "\u{1b}OA", "\u{1b}b"] { #expect(AltAnswer(Array(sent.utf8)) == .skipped) }
    #expect(!AltAnswer.isComplete([0x1b]))
    #expect(AltAnswer.isComplete([0x1b, 0x61]))
  }
}
