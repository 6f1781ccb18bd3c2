/// The output of `bench screen`. All values were observed on the screen, so that no further check is needed.
struct ScreenReport: BenchReport {
  let benchmark = "screen"
  let rows = 24
  let columns = 80
  let firstPaintMilliseconds: Percentiles?
  let connectedMilliseconds: Percentiles?
  let keyToPaintMilliseconds: Percentiles?
  let clientMemoryBytes: Int?
  let renders: [RenderReport]
  let passed = true

  var complaint: String? { nil }

  var table: Table {
    var table = Table("screen: \(columns)×\(rows), \(keyToPaintMilliseconds?.samples ?? 0) keys")
    table.add("start to first screen", firstPaintMilliseconds?.text("ms", digits: 1))
    table.add("start to connected", connectedMilliseconds?.text("ms", digits: 1))
    table.add("key to screen", keyToPaintMilliseconds?.text("ms", digits: 2))
    table.add("client memory", clientMemoryBytes?.bytesText)
    for render in renders {
      table.add("drawing \(render.columns)×\(render.rows)", render.microseconds?.text("µs", digits: 0))
    }
    if let render = renders.first {
      table.add("", "with \(render.entries.grouped) lines behind it and \(render.people.grouped) people")
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
