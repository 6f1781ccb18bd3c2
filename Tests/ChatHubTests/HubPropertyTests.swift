import ChatHub
import TestSupport
import Testing

/// Invariants of the hub under random events.
@Suite struct HubPropertyTests {
  @Test(.computing) func `no order of events breaks an invariant`() throws {
    for seed in SeededGenerator.seeds(300) {
      let first = try run(seed)
      // A replay must make the same decisions, or a failure could not be reproduced.
      if seed % 16 == 0 { try #require(run(seed) == first, "SWIFTCHAT_SEED=\(seed)") }
    }
  }

  private func run(_ seed: UInt64) throws -> [HubAction] {
    var run = RandomHubRun(seed: seed)
    for step in 0..<300 {
      let broken = run.step()
      try #require(broken == nil, "\(broken ?? "") at step \(step) of SWIFTCHAT_SEED=\(seed)")
    }
    let broken = run.settle()
    try #require(broken == nil, "\(broken ?? "") at the end of SWIFTCHAT_SEED=\(seed)")
    return run.actions
  }
}
