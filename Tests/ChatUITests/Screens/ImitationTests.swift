import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Lines of the program, which differ from messages even without colours.
@Suite
struct ImitationTests {
  /// Foreign servers may accept any name.
  private static let names = [
    "!!", "--", "-->", "<--", "<->", "*", "·", "···", "●", "▌", "─────", "│", "--:--", "12:01", "▶", "~", "(", "›",
  ]
  private static let words = "connected to localhost:4000 as neha"
  private static let widths = [100, 80, 60, 50, 40, 31, 24]

  /// The rows that were last added to the pane, without styles.
  private func rows(_ harness: inout InterfaceHarness, of body: (inout InterfaceHarness) -> Void) -> [String] {
    let before = harness.pane
    body(&harness)
    return Array(harness.pane.dropFirst(before.count))
  }

  @Test(arguments: widths)
  func `local lines differ from every message by an author of any name`(columns: Int) {
    var program: Set<String> = []
    for event in [
      ClientEvent.notice(Self.words), .serverError(Self.words), .messageOfTheDay(Self.words),
      .away(Nickname(testing: "zoe"), text: Self.words), .joined(Nickname(testing: "kim"), .lobby),
      .left(Nickname(testing: "zoe"), .lobby, reason: Self.words),
    ] {
      var harness = InterfaceHarness.online(columns, 24, with: ["zoe"])
      let rows = rows(&harness) { $0.receive(event) }
      #expect(!rows.isEmpty)
      program.formUnion(rows.prefix(1))
    }
    for name in Self.names {
      for text in [Self.words, "/me \(Self.words)", "-- \(Self.words)", "!! \(Self.words)", "kim joined"] {
        var harness = InterfaceHarness.online(columns, 24, with: ["zoe", name])
        let rows = rows(&harness) { $0.receiveMessage(from: name, text) }
        #expect(program.isDisjoint(with: rows), "\(name): \(rows)")
        // A name without a letter or digit is shown in brackets.
        let shown = name == "12:01" ? name : "<\(name)>"
        #expect(rows.first?.contains(shown) == true, "\(rows)")
      }
    }
    // No message text starts in the column of the program's own sign.
    var harness = InterfaceHarness.online(columns, 24, with: ["zoe"])
    let long = rows(&harness) {
      $0.receiveMessage(from: "zoe", (1...30).map { "!! -- --> · \($0)" }.joined(separator: " "))
    }
    let signs = ["!!", "--", "·"]
    let starts = program.compactMap { row in
      signs.compactMap { sign in row.firstRange(of: sign).map { row[..<$0.lowerBound] + sign + " " } }.first.map(
        String.init)
    }
    #expect(!starts.isEmpty)
    for row in long { #expect(!starts.contains { row.hasPrefix($0) }, "\(row)") }
  }

  @Test(arguments: widths)
  func `local lines have their signs with and without a name column`(columns: Int) {
    for (event, sign) in [
      (ClientEvent.notice("hello"), "--"), (.serverError("hello"), "!!"),
      (.joined(Nickname(testing: "kim"), .lobby), "·"), (.left(Nickname(testing: "zoe"), .lobby, reason: ""), "·"),
    ] {
      var harness = InterfaceHarness.online(columns, 24, with: ["zoe"])
      let row = rows(&harness) { $0.receive(event) }.first ?? ""
      let words = row.split(separator: " ")
      #expect(words.prefix(2).contains(Substring(sign)), "\(row)")
      // A message with an ordinary author name has no such sign.
      var other = InterfaceHarness.online(columns, 24, with: ["zoe"])
      let said = rows(&other) { $0.receiveMessage(from: "zoe", "hello") }.first ?? ""
      #expect(!said.split(separator: " ").contains { $0 == sign }, "\(said)")
    }
  }

  @Test(arguments: ["!!", "--", "-->"])
  func `local lines cannot be imitated by one's own name: the name is refused and another is asked for`(name: String) {
    var harness = InterfaceHarness(80, 24, name: name)
    let refused = Nickname(testing: name)
    let reason = NameRefusal.invalid.sentence(about: refused)
    harness.receive(.nameRefused(refused, .invalid, suggestion: Nickname(testing: "neha")))
    harness.advanceClock(by: 1)
    let shown = harness.screen.rows.joined(separator: " ").split(separator: " ").joined(separator: " ")
    #expect(shown.contains(reason.split(separator: " ").prefix(4).joined(separator: " ")), "\(shown)")
    #expect(!harness.pane.contains { $0.contains("\(name) │") && $0.contains(":") && $0.contains("as") })
  }

  @Test
  func `guests are marked with a sign that no name can imitate`() {
    var harness = InterfaceHarness.online(80, 24, with: ["zoe"])
    harness.receive(.joined(Nickname(testing: "kim"), .lobby), .guest(Nickname(testing: "kim")))
    harness.receiveMessage(from: "kim", "hello")
    #expect(harness.pane.last == "        ~kim    hello")
    harness.receiveMessage(from: "~kim", "hello")
    #expect(harness.pane.last?.contains("~kim    ") == true || harness.pane.last?.contains("<~kim>") == true)
  }
}
