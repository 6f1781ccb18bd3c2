import Foundation

/// Random numbers that can be had again: `SWIFTCHAT_SEED=… swift test` repeats the run whose failure printed the seed.
struct SeededGenerator: RandomNumberGenerator, CustomStringConvertible {
  private static let replayed = ProcessInfo.processInfo.environment["SWIFTCHAT_SEED"].flatMap { UInt64($0) }

  private let seed: UInt64
  private var state: UInt64

  init() {
    seed = Self.replayed ?? UInt64.random(in: 0...UInt64(UInt32.max))
    state = seed
  }

  /// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  var description: String { "SWIFTCHAT_SEED=\(seed)" }

  mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func flip() -> Bool { Bool.random(using: &self) }

  mutating func pick<T>(_ choices: [T]) -> T { choices[number(0...choices.count - 1)] }
}
