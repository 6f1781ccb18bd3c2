import ChatProtocol
import Platform

/// A reproducible random number generator: `SWIFTCHAT_SEED=… swift test` repeats the run whose failure printed the
/// seed.
package struct SeededGenerator: RandomNumberGenerator, CustomStringConvertible, Sendable {
  private let seed: UInt64
  private var generator: SplitMix64

  /// Uses the seed from the environment, or a new one.
  package init() { self.init(seed: Self.replayed ?? UInt64.random(in: 0...UInt64(UInt32.max))) }

  package init(seed: UInt64) {
    self.seed = seed
    generator = SplitMix64(seed: seed)
  }

  /// The seeds of a property test: `count` new ones, or only the one from the environment. `SWIFTCHAT_ROUNDS=20` makes
  /// it 20 times as many.
  package static func seeds(_ count: Int) -> [UInt64] {
    replayed.map { [$0] } ?? (0..<count * rounds).map { _ in UInt64.random(in: 0...UInt64(UInt32.max)) }
  }

  private static var rounds: Int { getenv("SWIFTCHAT_ROUNDS").flatMap { Int(String(cString: $0)) } ?? 1 }

  private static var replayed: UInt64? { getenv("SWIFTCHAT_SEED").flatMap { UInt64(String(cString: $0)) } }

  package mutating func next() -> UInt64 { generator.next() }

  package var description: String { "SWIFTCHAT_SEED=\(seed)" }

  package mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

  package mutating func flip() -> Bool { Bool.random(using: &self) }

  package mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) < one }

  package mutating func pick<T>(_ choices: [T]) -> T { choices[number(0...choices.count - 1)] }
}
