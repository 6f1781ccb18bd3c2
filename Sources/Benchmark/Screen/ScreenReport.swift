/// The output of `bench screen`. All times were observed on the screen, so that only the memory needs a check.
struct ScreenReport: BenchReport {
  let benchmark = "screen"
  let rows = 24
  let columns = 80
  let firstPaintMilliseconds: Percentiles?
  let connectedMilliseconds: Percentiles?
  let keyToPaintMilliseconds: Percentiles?
  let clientMemoryBytes: Int?
  /// Percentage of one core.
  let idleCPUPercent: Double?
  let floods: [FloodReport]
  let renders: [RenderReport]
  let scrollback: ScrollbackReport?
  let complaint: String?
  let passed: Bool

  var table: Table {
    var table = Table("screen: \(columns)×\(rows), \(keyToPaintMilliseconds?.samples ?? 0) keys")
    table.add("start to first screen", firstPaintMilliseconds?.text("ms", digits: 1))
    table.add("start to connected", connectedMilliseconds?.text("ms", digits: 1))
    table.add("key to screen", keyToPaintMilliseconds?.text("ms", digits: 2))
    table.add("client memory", clientMemoryBytes?.bytesText)
    table.add("client CPU when idle", idleCPUPercent.map { "\($0.digits(2)) % of a core" })
    for flood in floods {
      table.add("\(flood.messagesPerSecond.grouped) messages/s", flood.keyToPaintMilliseconds?.text("ms", digits: 2))
      let bytes = flood.bytesPerMessage.map { "\($0.digits(0)) bytes per message to the terminal" }
      let cpu = flood.cpuPercent.map { "client CPU \($0.digits(0)) % of a core" }
      table.add("", [bytes, cpu].compactMap { $0 }.joined(separator: ", "))
    }
    for render in renders {
      table.add("drawing \(render.columns)×\(render.rows)", render.microseconds?.text("µs", digits: 0))
    }
    if let render = renders.first {
      table.add("", "with \(render.entries.grouped) lines behind it and \(render.people.grouped) people")
    }
    if let scrollback {
      let share = scrollback.reflowMicroseconds.map { $0.p99 / ScrollbackBench.frameMicroseconds * 100 }
      table.add(
        "\(scrollback.messages.grouped) messages",
        scrollback.memoryBytes.map {
          "\($0.bytesText) of memory, at most \(scrollback.boundBytes.bytesText)"
        })
      table.add("drawing in another size", scrollback.reflowMicroseconds?.text("µs", digits: 0))
      table.add("", share.map { "\($0.digits(1)) % of a frame of 16 ms" })
    }
    return table
  }
}

/// Rendering time for one screen size.
struct RenderReport: Encodable {
  let rows: Int
  let columns: Int
  let entries: Int
  let people: Int
  let microseconds: Percentiles?
}
