import ChatProtocol
import CommandSupport

/// Keys while messages arrive at a fixed rate.
struct FloodBench {
  let port: Int
  /// Messages per second.
  let rate: Int

  static let rates = [1000, 10_000]

  /// The time between two keys: slower than a paste.
  private static let keyInterval = Duration.milliseconds(20)
  private static let warmUp = Duration.milliseconds(500)
  /// They occur neither in messages nor elsewhere on the screen.
  private static let letters = "αβγδεζηθικλμνξοπρστυφχψω".map(String.init)
  private static let keysPerLine = 24

  /// - Parameter client: connected.
  func measure(_ keys: Int, in client: inout WatchedClient) throws -> FloodReport {
    let sender = try SteadySender(name: "0\(rate)", port: port, perSecond: rate)
    defer { sender.stop() }
    client.read(until: .now() + Self.warmUp)
    let (messages, bytes, usage) = (sender.sent, client.printedBytes, client.usage)
    let start = MonotonicTime.now()
    var times = Histogram()
    for index in 0..<keys {
      if index > 0, index.isMultiple(of: Self.keysPerLine) { client.type("\u{15}") }
      client.read(until: .now() + Self.keyInterval)
      client.clear()
      let letter = Self.letters[index % Self.letters.count]
      let pressed = MonotonicTime.now()
      client.type(letter)
      times.add((try client.wait(for: letter) - pressed).nanoseconds)
    }
    let seconds = Double((MonotonicTime.now() - start).nanoseconds) / 1e9
    let received = sender.sent - messages
    let cpu = client.usage.flatMap { now in usage.map { now.cpuSeconds - $0.cpuSeconds } }
    client.type("\u{15}")
    return FloodReport(
      messagesPerSecond: rate, keyToPaintMilliseconds: Percentiles(times, unit: 1e6),
      bytesPerMessage: received > 0 ? Double(client.printedBytes - bytes) / Double(received) : nil,
      cpuPercent: cpu.map { $0 / seconds * 100 })
  }
}

/// The client while messages arrive at a fixed rate.
struct FloodReport: Encodable {
  let messagesPerSecond: Int
  let keyToPaintMilliseconds: Percentiles?
  /// Bytes that the client sends to the terminal, per message.
  let bytesPerMessage: Double?
  /// Percentage of one core.
  let cpuPercent: Double?
}
