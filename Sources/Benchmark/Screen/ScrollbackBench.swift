import ChatModel
import ChatProtocol
import ChatUI
import TerminalTypes

/// Receives many messages in one room, and then changes the size of the screen.
struct ScrollbackBench {
  let messages: Int

  /// The memory that the messages may take, however many there are: the interface keeps the newest and loads older ones
  /// from the server.
  static let boundBytes = 48 << 20
  /// The refresh interval of a screen.
  static let frameMicroseconds = 16_000.0

  private static let start = Timestamp(milliseconds: 1_795_000_000_000)
  private static let sizes = [(24, 80), (24, 79), (60, 200), (60, 120)].map { Screen.Size(rows: $0.0, columns: $0.1) }

  /// - Parameter frames: the number of size changes.
  func measure(_ frames: Int) -> ScrollbackReport? {
    guard let name = Nickname("neha"), let endpoint = try? Endpoint("localhost:4000"), let epoch = Epoch("e1") else {
      preconditionFailure("name, endpoint and epoch are valid")
    }
    var interface = Interface(
      settings: Interface.Settings(name: name, endpoint: endpoint, localOffset: { _ in 0 }), size: Self.sizes[0],
      now: Self.start)
    let people = (0..<100).compactMap { Nickname("person\($0)") }
    for event in [
      ClientEvent.online(name, capabilities: .all), .roster(.lobby, people.map { Person($0) }),
      .synced(.lobby, epoch, head: 0, mark: nil),
    ] {
      _ = interface.update(.server(endpoint, .client(event)))
    }
    let before = ProcessUsage.ofThisProcess?.residentBytes
    let words = "the quick brown fox jumps over the lazy dog and never looks back at what it left behind".split(
      separator: " ")
    for number in 1...messages {
      let text = words.prefix(1 + number % words.count).joined(separator: " ")
      let time = Timestamp(milliseconds: Self.start.milliseconds + Int64(number) * 1000)
      let message = ChatMessage(
        target: .lobby, author: people[number % people.count], text: text, time: time, isOwn: false, sequence: number)
      _ = interface.update(.server(endpoint, .client(.message(message))))
    }
    interface.finishUpdates()
    _ = interface.render()
    let after = ProcessUsage.ofThisProcess?.residentBytes
    var samples: [Int64] = []
    for index in 0..<(frames + 4) {
      let size = Self.sizes[(index + 1) % Self.sizes.count]
      let begin = MonotonicTime.now()
      _ = interface.update(.resized(size))
      interface.finishUpdates()
      let screen = interface.render().screen
      let end = MonotonicTime.now()
      precondition(screen.size == size, "the screen has the size that was asked for")
      samples.append((end - begin).nanoseconds)
    }
    return ScrollbackReport(
      messages: messages, memoryBytes: before.flatMap { before in after.map { max($0 - before, 0) } },
      boundBytes: Self.boundBytes,
      // The first frames run with cold caches.
      reflowMicroseconds: Percentiles(Histogram(samples.dropFirst(4)), unit: 1000))
  }
}

/// Memory for a long conversation, and the time to draw it in another size.
struct ScrollbackReport: Encodable {
  let messages: Int
  /// The growth of this process; nil if the system does not provide it.
  let memoryBytes: Int?
  let boundBytes: Int
  let reflowMicroseconds: Percentiles?

  /// Nil if the messages take no more memory than they may.
  var complaint: String? {
    guard let memoryBytes, memoryBytes > boundBytes else { return nil }
    return "\(messages.grouped) messages take \(memoryBytes.bytesText), more than \(boundBytes.bytesText)"
  }
}
