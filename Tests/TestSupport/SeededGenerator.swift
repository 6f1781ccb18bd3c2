#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// A reproducible random number generator: `SWIFTCHAT_SEED=… swift test` repeats the run whose failure printed the
/// seed.
package struct SeededGenerator: RandomNumberGenerator, CustomStringConvertible, Sendable {
  private let seed: UInt64
  private var state: UInt64

  /// Uses the seed from the environment, or a new one.
  package init() { self.init(seed: Self.replayed ?? UInt64.random(in: 0...UInt64(UInt32.max))) }

  package init(seed: UInt64) {
    self.seed = seed
    state = seed
  }

  /// The seeds of a property test: `count` new ones, or only the one from the environment. `SWIFTCHAT_ROUNDS=20` makes
  /// it 20 times as many.
  package static func seeds(_ count: Int) -> [UInt64] {
    replayed.map { [$0] } ?? (0..<count * rounds).map { _ in UInt64.random(in: 0...UInt64(UInt32.max)) }
  }

  private static var rounds: Int { getenv("SWIFTCHAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 1 }

  private static var replayed: UInt64? { getenv("SWIFTCHAT_SEED").flatMap { UInt64(String(cString: $0)) } }

  /// SplitMix64 (https://prng.di.unimi.it/splitmix64.c).
  package mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  package var description: String { "SWIFTCHAT_SEED=\(seed)" }

  package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  package mutating func flip() -> Bool { Bool.random(using: &self) }

  package mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) < one }

  package mutating func pick<T>(_ choices: [T]) -> T { choices[number(0...choices.count - 1)] }
}
