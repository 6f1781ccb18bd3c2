import ChatClient
import ChatModel
import ChatProtocol
import Synchronization

/// Client events in order.
final class EventStream {
  private var iterator: AsyncStream<ClientEvent>.AsyncIterator

  init(iterator: AsyncStream<ClientEvent>.AsyncIterator) { self.iterator = iterator }

  /// Starts a client and returns it with its events.
  static func connection(identity: Identity? = nil) -> (ClientConnection, EventStream) {
    let (stream, continuation) = AsyncStream.makeStream(of: ClientEvent.self)
    let client = ClientConnection(name: .neha, identity: identity, group: EventLoops.shared) { events in
      for event in events { continuation.yield(event) }
    }
    return (client, EventStream(iterator: stream.makeAsyncIterator()))
  }

  /// Waits for the event. Returns it with all earlier ones.
  func upTo(_ isIt: (ClientEvent) -> Bool) async -> [ClientEvent] {
    var events: [ClientEvent] = []
    while let event = await iterator.next() {
      events.append(event)
      if isIt(event) { break }
    }
    return events
  }
}

/// Values that another thread recorded.
final class Notes<Note: Sendable>: Sendable {
  private let notes = Mutex<[Note]>([])

  var all: [Note] { notes.withLock { $0 } }

  func add(_ note: Note) { notes.withLock { $0.append(note) } }
}
