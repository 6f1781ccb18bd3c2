import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport

// The open servers.

extension Application {
  func client(of server: Endpoint) -> ServerClient? { clients.first { $0.endpoint == server } }

  func opening(of client: ServerClient, isShown: Bool) -> ServerOpening {
    ServerOpening(
      client.endpoint, as: client.name, memory: client.keeper.memory, isShown: isShown,
      isNameGiven: client.name == options.givenName ? true : nil)
  }

  func tellWarnings(of client: ServerClient) {
    for warning in client.keeper.warnings { handle([.server(client.endpoint, .alert(warning))]) }
  }

  func start(_ client: ServerClient) {
    client.start(identity: options.identity, every: Self.frame) { [weak self] client, events in
      guard let self else { return client.handled(events.count) }
      self.receive(events, from: client)
      self.afterShowing { [weak client] in client?.handled(events.count) }
    }
  }

  private func receive(_ events: [ClientEvent], from client: ServerClient) {
    guard clients.contains(where: { $0 === client }) else {
      // The last events of a closed server.
      for event in events where event.isForNextRun {
        _ = alerts(of: client) { () throws(Failure) in try client.note(event) }
      }
      return
    }
    var waiting: [InterfaceEvent] = []
    for event in events {
      waiting += note(event, of: client)
      // After `leave`, messages are given up, and stay unconfirmed.
      if !isLeaving, let end = lineRun?.note(event, of: client.endpoint, at: Self.time) { self.end = end }
      waiting.append(.server(client.endpoint, .client(offering(event, at: client.endpoint))))
    }
    handle(waiting)
    drawSoon()
    settleLineRun()
  }

  /// Passes an event to the keeper. After `leave`, messages that the screen no longer shows stay unconfirmed, for the
  /// next run.
  /// - Returns: events for the interface if a pin could not be stored.
  private func note(_ event: ClientEvent, of client: ServerClient) -> [InterfaceEvent] {
    if isLeaving {
      guard event.isForNextRun else { return [] }
      client.isChanged = true
    }
    return alerts(of: client) { () throws(Failure) in try client.note(event) }
  }

  func send(_ command: ClientCommand, to server: Endpoint) {
    guard let client = client(of: server) else { return }
    let failures = alerts(of: client) { () throws(Failure) in try client.keeper.note(command, at: .now()) }
    if !failures.isEmpty { handle(failures) }
    lineRun?.note(command, at: server)
    client.send(command)
  }

  /// Performs an action for a server and turns its failure into an alert.
  private func alerts(of client: ServerClient, _ body: () throws(Failure) -> Void) -> [InterfaceEvent] {
    do {
      try body()
      return []
    } catch {
      return [.server(client.endpoint, .alert(error.description))]
    }
  }

  // MARK: Opening

  /// Opens a server. If it is open, starts another attempt, with the pin of the link.
  func connect(to link: ShareLink) {
    do throws(Failure) {
      if let client = client(of: link.endpoint) {
        client.isClosing = false
        let security = try client.keeper.security(for: link)
        handle([.server(link.endpoint, .notice("this is \(link.endpoint.summary)"))])
        return client.send(.connect(link.endpoint, security))
      }
      let named = options.settings.running.servers.at(link.endpoint)?.nickname
      let client = ServerClient(try MemoryKeeper(of: link, files: options.files), as: named ?? options.usualName)
      clients.append(client)
      lineRun?.add(client.keeper.session.unconfirmed, at: client.endpoint)
      handle([.opened(opening(of: client, isShown: true))])
      tellWarnings(of: client)
      keep(client)
      start(client)
    } catch {
      handle([.alert(error.description)])
    }
  }

  // MARK: Closing

  /// Closes a server once its state is on disk, because its typed text disappears from the screen then.
  func disconnect(_ server: Endpoint) {
    guard let client = client(of: server), !client.isClosing, clients.count > 1 else { return }
    guard server != host?.endpoint, server != startingHost else {
      return handle([.server(server, .alert("the chat is hosted here: leaving it with /quit ends it"))])
    }
    client.isClosing = true
    client.keeper.keep(interface) { [weak self] _ in
      // The user may have changed their mind.
      guard let self, client.isClosing, !isLeaving, clients.contains(where: { $0 === client }) else { return }
      client.isClosing = false
      // Also delivers the lines that were typed meanwhile.
      defer { draw() }
      guard clients.count > 1 else { return }
      // Something may have been typed while the disk was busy, and the disk may be writable again.
      client.keeper.keep(interface)
      if let failure = client.keeper.finish(), interface.holdsTypedText(of: server) {
        return handle([
          .server(server, .saveFailed(reason: failure.description, isLeaving: false)),
          .alert("still at \(server.summary): your text would be lost; send it or clear it first"),
        ])
      }
      let last = interface
      clients.removeAll { $0 === client }
      lineRun?.close(server)
      handle([.closed(server)])
      // Its messages may have been the last ones to wait for.
      settleLineRun()
      guard let connection = client.stop() else { return }
      let id = ObjectIdentifier(connection)
      // The file stays locked only if a message may have been transmitted without being reported yet.
      let isOnItsWay = client.isOnline && !client.keeper.session.unconfirmed.allSatisfy(\.wasTransmitted)
      let held = isOnItsWay ? client : nil
      endings[id] = Task { [weak self] in
        await connection.shutdown()
        if let held {
          held.receiveWaiting()
          held.keeper.keep(last)
          held.keeper.finish()
        }
        self?.endings[id] = nil
      }
    }
  }
}
