import ChatHub
import ChatProtocol
import TestSupport
import Testing

@testable import ChatServer

/// Pausing input, and output to slow readers.
@Suite struct PauseTests {
  @Test func `input is taken in order whenever no reason to pause remains`() throws {
    let reasons: [Connection.Pauses] = [.held, .storing, .lagging]
    for seed in SeededGenerator.seeds(50) {
      var random = SeededGenerator(seed: seed)
      let stage = Stage()
      let neha = try stage.join("neha")
      var paused: Connection.Pauses = []
      var sent = 0
      var heard: [String] = []
      for _ in 0..<60 {
        let reason = random.pick(reasons)
        switch random.number(0...2) {
        case 0:
          neha.connection.pause(reason)
          paused.insert(reason)
        case 1:
          neha.connection.resume(reason)
          paused.remove(reason)
        default:
          // Sometimes more lines than are taken in one turn.
          let count = random.chance(1, in: 8) ? 600 : random.number(1...3)
          try neha.say((sent..<(sent + count)).map { "MSG \($0)\n" }.joined())
          sent += count
        }
        if random.flip() {
          for _ in 0..<4 { stage.wait() }
          heard += neha.takeLines()
          if paused.isEmpty { try #require(heard.count == sent, "\(random)") }
          let before = heard.count
          stage.wait()
          heard += neha.takeLines()
          if !paused.isEmpty { try #require(heard.count == before, "\(random)") }
        }
      }
      for reason in reasons { neha.connection.resume(reason) }
      for _ in 0..<4 { stage.wait() }
      heard += neha.takeLines()
      try #require(heard == (0..<sent).map { "MSG neha \($0)" }, "\(random)")
      try stage.close()
    }
  }

  @Test func `a slow reader that can resume is skipped`() throws {
    let stage = Stage()
    let neha = try stage.join("neha")
    let slow = try stage.join("slow", "CAP REQ tags resume\n")
    slow.reads = false
    try neha.say("MSG one\n")
    stage.endTurn()
    // The slow reader was detected when this line was written.
    #expect(slow.takeLines() == ["MSG neha one"])
    #expect(slow.connection.isLagging)
    try neha.say("MSG two\nMSG three\n")
    try slow.say("PING\n")
    stage.wait()
    #expect(slow.takeLines() == [])
    slow.reads = true
    stage.wait()
    #expect(!slow.connection.isLagging)
    try neha.say("MSG four\n")
    stage.wait()
    #expect(slow.takeLines() == ["GAP #lobby 2 3", "PONG", "MSG neha four"])
    #expect(neha.takeLines() == ["MSG neha one", "MSG neha two", "MSG neha three", "MSG neha four"])
    try stage.close()
  }

  @Test func `a slow reader that cannot resume is cut off`() throws {
    let stage = Stage()
    let neha = try stage.join("neha")
    let slow = try stage.join("slow", "CAP REQ tags presence\n")
    slow.reads = false
    try neha.say("MSG one\n")
    stage.wait()
    #expect(neha.takeLines() == ["MSG neha one", "INFO slow disconnected"])
    try stage.close()
  }
}
