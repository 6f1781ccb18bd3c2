import ChatModel
import ChatProtocol
import ChatUI
import TerminalTypes

/// Renders a screen with a full transcript.
struct RenderBench {
  let rows: Int
  let columns: Int

  /// The capacity of a transcript.
  static let entries = 5000
  static let people = 10_000

  func measure(_ frames: Int) -> RenderReport {
    let interface = interface
    // The first frames run with cold caches.
    let samples = (0..<(frames + 10)).map { _ in
      let start = MonotonicTime.now()
      let screen = interface.render().screen
      let end = MonotonicTime.now()
      precondition(screen.size.rows == rows, "the screen has the size that was asked for")
      return (end - start).nanoseconds
    }
    return RenderReport(
      rows: rows, columns: columns, entries: Self.entries, people: Self.people,
      microseconds: Percentiles(Histogram(samples.dropFirst(10)), unit: 1000))
  }

  private var interface: Interface {
    let people = (0..<Self.people).compactMap { Nickname("person\($0)") }.map { Person($0) }
    let start = Timestamp(milliseconds: 1_795_000_000_000)
    guard let name = people.first?.name, let endpoint = try? Endpoint("localhost:4000") else {
      preconditionFailure("name and endpoint are valid")
    }
    var interface = Interface(
      settings: Interface.Settings(name: name, endpoint: endpoint, localOffset: { _ in 0 }),
      size: Screen.Size(rows: rows, columns: columns), now: start)
    // The notice of the connection is the first entry.
    var events: [ClientEvent] = [.online(name, capabilities: .all), .roster(.lobby, people)]
    let words = "the quick brown fox jumps over the lazy dog and never looks back at what it left behind".split(
      separator: " ")
    for index in 1..<Self.entries {
      let text = words.prefix(1 + index % words.count).joined(separator: " ")
      let time = Timestamp(milliseconds: start.milliseconds + Int64(index) * 7000)
      events.append(
        .message(
          ChatMessage(
            target: .lobby, author: people[index % people.count].name, text: text, time: time,
            isOwn: index % people.count == 0)))
    }
    for event in events { _ = interface.update(.server(endpoint, .client(event))) }
    interface.finishUpdates()
    return interface
  }
}
