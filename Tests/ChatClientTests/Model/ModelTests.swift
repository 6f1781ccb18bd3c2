import ChatClient
import ChatProtocol
import TestSupport
import Testing

/// A client and a server that loses connections, answers late and forgets, for thousands of steps.
@Suite struct ModelTests {
  @Test(.computing, arguments: SeededGenerator.seeds(500))
  func `every message is told once and in order`(seed: UInt64) {
    var world = ModelWorld(seed: seed)
    world.live(steps: 150)
    world.settle()
    world.check()
  }

  /// The same with a server whose log, or memory of people, does not last.
  @Test(.computing, arguments: SeededGenerator.seeds(500))
  func `also of a server that forgets`(seed: UInt64) {
    var world = ModelWorld(seed: seed, forgets: true)
    world.live(steps: 150)
    world.settle()
    world.check()
  }
}
