import Testing

@testable import Terminal

/// Modes.
@Suite
struct ModesTests {
  @Test
  func `Delays of terminfo are not written`() {
    #expect(Modes.withoutPadding("\u{1b}[m$<2>\u{0f}".utf8) == Array("\u{1b}[m\u{0f}".utf8))
    #expect(Modes.withoutPadding("$5$<".utf8) == Array("$5$<".utf8))
  }

  @Test
  func `A title cannot contain its own end`() {
    #expect(Modes.title("a\u{07}b\u{1b}c\u{9c}d") == "\u{1b}]2;abcd\u{07}")
  }

  @Test
  func `An error is one line`() {
    for error in [TerminalError.notATerminal, .incapable(type: "dumb"), .unknown(type: "x"), .alreadyOpen] {
      #expect(!error.description.contains("\n"))
    }
  }
}
