import Foundation
import Testing

@testable import Terminal

@Suite
struct ModesTests {
  @Test
  func `Delays of terminfo are not written`() {
    #expect(Modes.withoutPadding("\u{1b}[m$<2>\u{0f}".utf8) == Array("\u{1b}[m\u{0f}".utf8))
    #expect(Modes.withoutPadding("$5$<".utf8) == Array("$5$<".utf8))
  }

  @Test
  func `A terminal that another program has made non-blocking receives everything`() throws {
    var ends: [Int32] = [0, 0]
    try #require(pipe(&ends) == 0)
    let (reading, writing) = (ends[0], ends[1])
    let output = FileHandle(fileDescriptor: reading, closeOnDealloc: true)
    try #require(fcntl(writing, F_SETFL, O_NONBLOCK) == 0)
    // More than the pipe holds.
    let bytes = Array(String(repeating: "0123456789", count: 100_000).utf8)
    let sender = Thread {
      Modes.send(bytes, to: writing)
      close(writing)
    }
    sender.start()
    let received = try output.readToEnd()
    #expect(received == Data(bytes))
  }

  @Test
  func `A copy is base64 without a character cut in half`() {
    // A long text is cut between two characters.
    for text in [String(repeating: "好", count: 20_000), "x" + String(repeating: "好", count: 20_000)] {
      let encoded = Modes.copy(text).dropFirst("\u{1b}]52;c;".count).dropLast()
      let copied = Data(base64Encoded: String(encoded)).map { String(decoding: $0, as: UTF8.self) }
      #expect(copied.map(text.hasPrefix) == true)
      #expect((copied?.utf8.count ?? 0) > 48 * 1024 - 4)
    }
    #expect(Modes.copy("") == "\u{1b}]52;c;\u{07}")
    #expect(Modes.copy("f") == "\u{1b}]52;c;Zg==\u{07}")
    #expect(Modes.copy("fo") == "\u{1b}]52;c;Zm8=\u{07}")
    #expect(Modes.copy("foobar") == "\u{1b}]52;c;Zm9vYmFy\u{07}")
    #expect(Modes.copy("ü\u{1b}]\n") == "\u{1b}]52;c;w7wbXQo=\u{07}")
    let long = Modes.copy(String(repeating: "x", count: 49_151) + "ü")
    #expect(long.utf8.count < 66_000 && long.hasSuffix("eHg=\u{07}"))
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
