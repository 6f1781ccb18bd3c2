import ChatClient
import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport

/// The client of one open server: its connection and its stored conversations.
@MainActor
final class ServerClient {
  let keeper: MemoryKeeper
  /// The requested nickname.
  let name: Nickname
  private var connection: ClientConnection?
  private var mailbox: Mailbox<ClientEvent>?
  /// The reason why the last save failed; nil if it succeeded.
  var saveFailure: String?
  /// Whether the state may have changed since it was last saved.
  var isChanged = true
  /// Whether messages can be transmitted.
  private(set) var isOnline = false
  /// Whether the state is being saved in order to close the server.
  var isClosing = false

  /// Larger than a page of history; as events, short lines take many times their size.
  private static let maximumUnhandledBytes = 512 << 10
  /// The limit for events that are handled at a time: a server that sends many delays neither keys nor other servers.
  private static let maximumBatch = 200

  var endpoint: Endpoint { keeper.endpoint }

  /// The memory of the conversations is locked for this client while the object exists.
  init(_ keeper: MemoryKeeper, as name: Nickname) { (self.keeper, self.name) = (keeper, name) }

  /// - Parameters:
  ///   - identity: the user's key; nil if there is none.
  ///   - interval: the shortest time between two batches of events that are not urgent.
  ///   - receive: called with the events of the server; calls `handled` once they are.
  func start(
    identity: Identity?, every interval: Duration, receive: @escaping @MainActor (ServerClient, [ClientEvent]) -> Void
  ) {
    let mailbox = Mailbox<ClientEvent>(every: interval, atMost: Self.maximumBatch, isUrgent: \.isUrgent) {
      [weak self] events in
      guard let self else { return }
      receive(self, events)
    }
    let client = ClientConnection(
      name: name, identity: identity, maximumUnhandledBytes: Self.maximumUnhandledBytes
    ) { events in mailbox.post(events) }
    self.mailbox = mailbox
    connection = client
    client.send(.connect(endpoint, keeper.session))
  }

  func note(_ event: ClientEvent) throws(Failure) {
    switch event {
    case .online: isOnline = true
    case .offline: isOnline = false
    default: break
    }
    try keeper.note(event)
  }

  /// Notes that events were handled, so that the connection reads on.
  func handled(_ count: Int) { connection?.handled(count) }

  func send(_ command: ClientCommand) { connection?.send(command) }

  /// Receives the events that wait to be received, at once.
  func receiveWaiting() { mailbox?.flush() }

  /// Gives up the connection.
  /// - Returns: the connection, for `shutdown`; events may arrive until it has ended.
  func stop() -> ClientConnection? {
    defer { connection = nil }
    return connection
  }
}
