import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// Names that are too long for their place.
@Suite struct AbbreviationTests {
  private func forms(_ names: [String], _ width: Int) -> [String] {
    let abbreviations = Abbreviations(names, width: width)
    return names.map { abbreviations.form(of: $0, width: width) }
  }

  @Test(
    arguments: [
      (["neha", "averyverylongname"], ["neha", "averyverylo…"]),
      (["averyverylongname-1", "averyverylongname-2"], ["averyve…me-1", "averyve…me-2"]),
      (["averyverylongname", "averyverylongname2"], ["averyve…name", "averyve…ame2"]),
      (["longlonglonglong-a-xxxxxxxxx", "longlonglonglong-b-xxxxxxxxx"], ["lo…a-xxxxxx…", "lo…b-xxxxxx…"]),
      (["averyverylongname", "averyverylongname"], ["averyverylo…", "averyverylo…"]),
      (["李雷李雷李雷李雷", "李雷李雷李雷李梅"], ["李雷李…李雷", "李雷李…李梅"]),
    ] as [([String], [String])])
  func `an abbreviation shows the distinguishing part of a name`(names: [String], expected: [String]) {
    #expect(forms(names, 12) == expected)
  }

  @Test func `all abbreviations differ and fit`() throws {
    var random = SeededGenerator()
    for _ in 0..<300 {
      let stem = random.pick(["averyverylongname", "李雷李雷李雷", "x", "名前がとても長い人"])
      let names = Set(
        (0..<random.number(2...40)).map { _ in
          let middle = String((0..<random.number(0...6)).map { _ in random.pick(["a", "b", "李"]) as Character })
          return stem + middle + random.pick(["", stem, "-1"])
        })
      let width = random.number(10...20)
      let forms = forms(names.sorted(), width)
      try #require(Set(forms).count == names.count, "\(names) \(forms) \(random)")
      try #require(forms.allSatisfy { $0.cellWidth <= width }, "\(forms) \(random)")
    }
  }

  @Test func `abbreviations differ in the sidebar, beside messages and in tabs`() {
    let names = ["averyverylongname-one", "averyverylongname-two"]
    var harness = InterfaceHarness.online(100, 12, with: names)
    for name in names { harness.receiveMessage(from: name, "hi") }
    #expect(harness.screen.rows.contains { $0.contains("● averyverylo…e-one") })
    #expect(harness.screen.rows.contains { $0.contains("● averyverylo…e-two") })
    #expect(harness.screen.rows.contains { $0.contains("averyve…-one   hi") })
    #expect(harness.screen.rows.contains { $0.contains("averyve…-two   hi") })
    harness.resize(20, 12)
    for name in names { harness.receiveDirectMessage(from: name, "psst") }
    harness.press("Alt+2")
    let first = harness.screen.rows[0]
    harness.press("Alt+3")
    #expect(first.dropFirst(3) != harness.screen.rows[0].dropFirst(3))
  }

  @Test func `an abbreviation differs from that of a name that is not on the screen`() {
    let others = (0..<3000).map { "averyverylonger\($0)" } + (0..<3000).map { "p\($0)" }
    var harness = InterfaceHarness.online(100, 12, with: ["averyverylongname-one", "AveryVeryLongName-two"] + others)
    harness.receiveMessage(from: "averyverylongname-one", "hi")
    #expect(harness.screen.rows.contains { $0.contains("averyve…-one   hi") })
    harness.receiveMessage(from: "averyverylonger7", "hello")
    #expect(harness.screen.rows.contains { $0.contains("   hello") && !$0.contains("averyverylo…") })
    harness.receiveMessage(from: "p2999", "ho")
    #expect(harness.screen.rows.contains { $0.contains("p2999   ho") })
    // The roster orders these names alike, but a byte-wise comparison does not.
    harness.receiveMessage(from: "averyverylongname-gone", "ha")
    #expect(harness.screen.rows.contains { $0.contains("averyve…-one   ha") || $0.contains("…gone   ha") })
  }

  @Test func `many long names are drawn fast`() {
    let names = (0..<5000).map { "averyverylongname-\($0)" }
    let abbreviations = Abbreviations(names, width: 12)
    #expect(names.allSatisfy { abbreviations.form(of: $0, width: 12).cellWidth <= 12 })
  }
}
