#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// The seeds of a property test: as many as asked for, new ones each time, or the one in `SWIFTCHAT_SEED`, to play a
/// failure again.
func seeds(_ count: Int) -> [UInt64] {
  if let text = getenv("SWIFTCHAT_SEED").map({ String(cString: $0) }), let seed = UInt64(text) { return [seed] }
  return (0..<count).map { _ in .random(in: .min ... .max) }
}

/// Numbers that follow from their seed alone (SplitMix64, Sebastiano Vigna, public domain).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  mutating func chance(_ one: Int, in many: Int) -> Bool { Int.random(in: 0..<many, using: &self) < one }
}
