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
      let harness = ServerHarness()
      let neha = try harness.logIn("neha")
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
          // Sometimes more lines than are taken in one iteration.
          let count = random.chance(1, in: 8) ? 600 : random.number(1...3)
          try neha.send((sent..<(sent + count)).map { "MSG \($0)\n" }.joined())
          sent += count
        }
        if random.flip() {
          for _ in 0..<4 { harness.advanceClock() }
          heard += neha.takeLines()
          if paused.isEmpty { try #require(heard.count == sent, "\(random)") }
          let before = heard.count
          harness.advanceClock()
          heard += neha.takeLines()
          if !paused.isEmpty { try #require(heard.count == before, "\(random)") }
        }
      }
      for reason in reasons { neha.connection.resume(reason) }
      for _ in 0..<4 { harness.advanceClock() }
      heard += neha.takeLines()
      try #require(heard == (0..<sent).map { "MSG neha \($0)" }, "\(random)")
      try harness.close()
    }
  }

  @Test func `a slow reader that can resume is skipped`() throws {
    let harness = ServerHarness()
    let neha = try harness.logIn("neha")
    let slow = try harness.logIn("slow", "CAP REQ tags resume\n")
    slow.reads = false
    try neha.send("MSG one\n")
    harness.endIteration()
    // The slow reader was detected when this line was written.
    #expect(slow.takeLines() == ["MSG neha one"])
    #expect(slow.connection.isLagging)
    try neha.send("MSG two\nMSG three\n")
    try slow.send("PING\n")
    harness.advanceClock()
    #expect(slow.takeLines() == [])
    slow.reads = true
    harness.advanceClock()
    #expect(!slow.connection.isLagging)
    try neha.send("MSG four\n")
    harness.advanceClock()
    #expect(slow.takeLines() == ["GAP #lobby 2 3", "PONG", "MSG neha four"])
    #expect(neha.takeLines() == ["MSG neha one", "MSG neha two", "MSG neha three", "MSG neha four"])
    try harness.close()
  }

  @Test func `a slow reader that closes behind many questions ends`() throws {
    let harness = ServerHarness()
    let neha = try harness.logIn("neha")
    let slow = try harness.logIn("slow", "CAP REQ tags resume history\n")
    slow.reads = false
    try neha.send("MSG one\n")
    harness.endIteration()
    #expect(slow.connection.isLagging)
    // No question is answered while the session lags, and more than these are too many to wait.
    try slow.send(String(repeating: "HISTORY #lobby LATEST * 9\n", count: 400))
    slow.endInput()
    slow.disconnect()
    for _ in 0..<20 { harness.advanceClock() }
    #expect(harness.sessionCount == 1)
    try harness.close()
  }

  @Test func `a slow reader that closes behind a question about what it missed ends`() throws {
    let harness = ServerHarness()
    let neha = try harness.logIn("neha")
    let slow = try harness.logIn("slow", "CAP REQ tags resume history rooms\n")
    try slow.send("JOIN #lobby\n")
    harness.endIteration()
    let sync = try #require(slow.takeLines().first { $0.hasPrefix("SYNC #lobby ") })
    let epoch = try #require(sync.split(separator: " ").dropFirst(2).first)
    slow.reads = false
    try neha.send("MSG one\n")
    harness.endIteration()
    #expect(slow.connection.isLagging)
    // As many questions as a session may have, and behind them one that is still carried out after the end.
    try slow.send(String(repeating: "HISTORY #lobby LATEST * 9\n", count: 64) + "JOIN #lobby \(epoch) 0\n")
    slow.endInput()
    slow.disconnect()
    for _ in 0..<20 { harness.advanceClock() }
    #expect(harness.sessionCount == 1)
    try harness.close()
  }

  @Test func `a slow reader that cannot resume is cut off`() throws {
    let harness = ServerHarness()
    let neha = try harness.logIn("neha")
    let slow = try harness.logIn("slow", "CAP REQ tags presence\n")
    slow.reads = false
    try neha.send("MSG one\n")
    harness.advanceClock()
    #expect(neha.takeLines() == ["MSG neha one", "INFO slow disconnected"])
    try harness.close()
  }
}
