import ChatClient
import ChatProtocol
import TestSupport
import Testing

/// A client and a server that drops connections, answers late and loses state, over thousands of random steps.
@Suite struct ModelTests {
  @Test(.computing, arguments: SeededGenerator.seeds(300))
  func `every message is reported once and in order`(seed: UInt64) {
    var run = RandomClientRun(seed: seed)
    run.live(steps: 150)
    run.settle()
    run.check()
  }

  /// A server that may lose its log or its user registry.
  @Test(.computing, arguments: SeededGenerator.seeds(300))
  func `every message is reported once by a server that loses state`(seed: UInt64) {
    var run = RandomClientRun(seed: seed, forgets: true)
    run.live(steps: 150)
    run.settle()
    run.check()
  }
}
