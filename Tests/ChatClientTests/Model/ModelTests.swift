import ChatClient
import ChatProtocol
import TestSupport
import Testing

/// A client and a server that loses connections, answers late and forgets, for thousands of steps.
@Suite struct ModelTests {
  @Test(.computing, arguments: SeededGenerator.seeds(500))
  func everyMessageIsToldOnceAndInOrder(seed: UInt64) {
    var world = ModelWorld(seed: seed)
    world.live(steps: 150)
    world.settle()
    world.check()
  }

  /// The same with a server whose log, or memory of people, does not last.
  @Test(.computing, arguments: SeededGenerator.seeds(500))
  func alsoOfAServerThatForgets(seed: UInt64) {
    var world = ModelWorld(seed: seed, forgets: true)
    world.live(steps: 150)
    world.settle()
    world.check()
  }
}
