import ChatUI
import Testing

@testable import Terminal

@Suite("Noise")
struct NoiseTests {
  /// Repeats a failure: its seed is in the message.
  struct Generator: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
      // SplitMix64.
      state &+= 0x9e37_79b9_7f4a_7c15
      var z = state
      z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
      z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
      return z ^ (z >> 31)
    }
  }

  /// Random bytes rarely form sequences: half of them come from these.
  static let pieces = [
    "^[", "^[[", "^[O", "^[]", "^[P", "^[[200~", "^[[201~", "^[[1;5", ";", "~", "[", "\u{03}", "你", "$", "u",
  ]
  .map(bytes)

  @Test("never traps, and typing goes on behind it")
  func noise() {
    let first = UInt64.random(in: 0...UInt64.max)
    for seed in first..<first.addingReportingOverflow(300).partialValue where first < UInt64.max - 300 {
      var random = Generator(state: seed)
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
      #expect(typist.events == expected, "seed \(seed)")
    }
  }

  @Test("splits do not matter where no delay passes")
  func splits() {
    let first = UInt64.random(in: 0...UInt64.max / 2)
    for seed in first..<first + 300 {
      var random = Generator(state: seed)
      var input: [UInt8] = []
      for _ in 0..<30 {
        input +=
          Bool.random(using: &random)
          ? Self.pieces.randomElement(using: &random) ?? [] : [.random(in: 0...255, using: &random)]
      }
      var typist = Typist()
      var rest = input[...]
      while !rest.isEmpty {
        let count = Int.random(in: 1...5, using: &random)
        typist.type(rest.prefix(count))
        rest = rest.dropFirst(count)
      }
      typist.rest()
      #expect(typist.events == decode(input), "seed \(seed)")
    }
  }

  @Test("that never ends is not kept")
  func endless() {
    for start in ["^[[", "^[O", "^[]0", "^[P0", "^[[200~"] {
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
