import TerminalTypes
import TestSupport
import Testing

@testable import Terminal

/// The decoder with random input: bytes and fragments of sequences.
@Suite
struct NoiseTests {
  /// Half of the input comes from these, because random bytes rarely form sequences.
  static let pieces = [
    "^[", "^[[", "^[O", "^[]", "^[P", "^[_", "^[X", "^[[M", "\u{9d}", "^[[200~", "^[[201~", "^[[1;5", ";", "~", "[",
    "^[[<0;", "^[[<64;5;5M", "M",
    "\u{03}", "你", "$", "u",
  ]
  .map(bytes)

  @Test
  func `random input never traps, and later keys are reported`() {
    for seed in SeededGenerator.seeds(300) {
      var random = SeededGenerator(seed: seed)
      var typist = Typist(pasteLimit: 64)
      for _ in 0..<Int.random(in: 1...200, using: &random) {
        if Bool.random(using: &random) {
          typist.type(Self.pieces.randomElement(using: &random) ?? [])
        } else {
          typist.type((0..<Int.random(in: 0...6, using: &random)).map { _ in .random(in: 0...255, using: &random) })
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
          typist.wait(.milliseconds(Int.random(in: 0...1100, using: &random)))
        }
      }
      typist.rest()
      typist.events = []
      typist.type(bytes("ok^[[A\u{03}"))
      let expected: [TerminalEvent] = [
        .key(.character("o")), .key(.character("k")), .key(Key(.up)), .key(.control("c")),
      ]
      #expect(typist.events == expected, "SWIFTCHAT_SEED=\(seed)")
    }
  }

  @Test
  func `splits do not matter without delays and without pasted lines`() {
    for seed in SeededGenerator.seeds(300) {
      var random = SeededGenerator(seed: seed)
      var input: [UInt8] = []
      for _ in 0..<30 {
        input +=
          Bool.random(using: &random)
          ? Self.pieces.randomElement(using: &random) ?? [] : [.random(in: 0...255, using: &random)]
      }
      input.removeAll(where: \.isEndOfLine)
      var typist = Typist()
      var rest = input[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...5, using: &random)
        typist.type(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      typist.rest()
      #expect(typist.events == decode(input), "SWIFTCHAT_SEED=\(seed)")
    }
  }

  @Test
  func `input without an end is not stored`() {
    for start in ["^[[", "^[O", "^[]0", "^[P0", "^[_0", "^[[200~"] {
      var typist = Typist(pasteLimit: 100)
      typist.type(bytes(start))
      for _ in 0..<100 { typist.type(Array(repeating: UInt8(ascii: "1"), count: 1000)) }
      typist.rest()
      typist.events = []
      typist.type(bytes("k"))
      #expect(typist.events == [.key(.character("k"))], "\(start)")
    }
  }
}
