import ArgumentParser
import ChatProtocol
import CommandSupport

/// `swiftchat bench screen`
struct ScreenBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "screen",
    abstract: "Measure how soon the client draws.",
    discussion: """
      Runs the client in a terminal of 80 columns and 24 rows that nobody looks at, and reads what it prints: from the \
      start to the first screen and to being connected, and from a key to its letter. Then draws screens with a long \
      transcript and many people, in this process, receives many messages in one room, and draws in changing sizes. \
      Last come the CPU of an idle client, and keys while \(FloodBench.rates.map(\.grouped).joined(separator: " and ")) \
      messages a second arrive, with the bytes that the client sends to the terminal. The memory for the messages must stay below \(ScrollbackBench.boundBytes >> 20) MiB.
      """
  )

  @Option(help: "How many times to start the client.")
  var runs = 10

  @Option(help: "How many keys to type.")
  var keys = 200

  @Option(help: "How many screens to draw, of each size.")
  var frames = 200

  @Option(help: "How many messages to receive in one room.")
  var messages = 1_000_000

  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--runs", runs, in: 1...1000)
    try CrowdLimits.check("--keys", keys, in: 1...100_000)
    try CrowdLimits.check("--frames", frames, in: 1...100_000)
    try CrowdLimits.check("--messages", messages, in: 1...100_000_000)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed { try format.show(try measure()) }
  }

  /// Occurs only in the status line until the client is connected.
  private static let name = "bench-reader"

  private func measure() throws -> ScreenReport {
    let server = try MeasuredServer()
    let home = try Leftovers.makeFolder()
    var firstPaints = Histogram()
    var connections = Histogram()
    for _ in 0..<runs {
      var client = try WatchedClient(name: Self.name, port: server.port, home: home)
      defer { client.end() }
      firstPaints.add((try client.wait(for: Self.name) - client.start).nanoseconds)
      connections.add((try Self.waitUntilConnected(&client) - client.start).nanoseconds)
    }
    var client = try WatchedClient(name: Self.name, port: server.port, home: home)
    defer { client.end() }
    _ = try Self.waitUntilConnected(&client)
    let echoes = try typeKeys(into: &client)
    let residentBytes = client.usage?.residentBytes
    let idleCPUPercent = Self.idleCPUPercent(of: &client)
    let floods = try FloodBench.rates.map { try FloodBench(port: server.port, rate: $0).measure(keys, in: &client) }
    // Before the screens with many people, whose memory would be used again.
    let scrollback = ScrollbackBench(messages: messages).measure(frames)
    return ScreenReport(
      firstPaintMilliseconds: Percentiles(firstPaints, unit: 1e6),
      connectedMilliseconds: Percentiles(connections, unit: 1e6),
      keyToPaintMilliseconds: Percentiles(echoes, unit: 1e6), clientMemoryBytes: residentBytes,
      idleCPUPercent: idleCPUPercent, floods: floods,
      renders: [RenderBench(rows: 24, columns: 80), RenderBench(rows: 60, columns: 200)].map { $0.measure(frames) },
      scrollback: scrollback, complaint: scrollback?.complaint, passed: scrollback?.complaint == nil)
  }

  private static func waitUntilConnected(_ client: inout WatchedClient) throws -> MonotonicTime {
    // A single word, because curses may move the cursor instead of printing the space between two.
    try client.wait(for: "connected")
  }

  /// - Returns: the times until a letter appeared.
  private func typeKeys(into client: inout WatchedClient) throws -> Histogram {
    let letters = "abcdefghijklmnopqrstuvwxyz".map(String.init)
    var times = Histogram()
    for index in 0..<keys {
      if index > 0, index.isMultiple(of: Self.keysPerLine) {
        client.clear()
        client.type("\u{15}")  // Ctrl+U empties the line, before it becomes two.
        client.waitForAnything(until: .now() + .seconds(1))
      }
      client.clear()
      let letter = letters[index % letters.count]
      let pressed = MonotonicTime.now()
      client.type(letter)
      times.add((try client.wait(for: letter) - pressed).nanoseconds)
    }
    return times
  }

  private static let keysPerLine = 50

  private static func idleCPUPercent(of client: inout WatchedClient) -> Double? {
    let (start, before) = (MonotonicTime.now(), client.usage)
    client.read(until: start + idleTime)
    guard let before, let after = client.usage else { return nil }
    return (after.cpuSeconds - before.cpuSeconds) / (Double((MonotonicTime.now() - start).nanoseconds) / 1e9) * 100
  }

  private static let idleTime = Duration.seconds(2)
}
