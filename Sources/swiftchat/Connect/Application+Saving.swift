import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport
import Dispatch
import Platform

// Saving the state of the servers.

extension Application {
  /// The state of each server that is awaited in order to exit.
  struct LeavingSaves {
    var waiting: Int
    var outcomes: [(server: Endpoint, failure: Failure?)] = []
  }

  // MARK: While running

  func noteChange(by event: InterfaceEvent) {
    switch event {
    case .server(let server, _): noteChange(of: server)
    // The text belongs to the server that it was begun at.
    case .composed: for client in clients { noteChange(of: client.endpoint) }
    default: noteChange(of: interface.shownServer)
    }
  }

  func noteChange(of server: Endpoint) {
    client(of: server)?.isChanged = true
    keepSoon()
  }

  /// Saves after a short delay, so that fast typing does not wait for the disk.
  private func keepSoon() {
    guard !isKeepingScheduled else { return }
    isKeepingScheduled = true
    DispatchQueue.main.asyncAfter(deadline: .now() + 0.5) {
      MainActor.assumeIsolated {
        self.isKeepingScheduled = false
        if !self.isLeaving { self.keep() }
      }
    }
  }

  /// Saves the servers whose state may have changed.
  func keep() { for client in clients where client.isChanged { keep(client) } }

  func keep(_ client: ServerClient) {
    client.isChanged = false
    client.keeper.keep(interface) { [weak self] failure in
      guard let self, !isLeaving, failure?.description != client.saveFailure else { return }
      client.saveFailure = failure?.description
      let event = failure.map { ServerEvent.saveFailed(reason: $0.description, isLeaving: false) } ?? .saved
      handle([.server(client.endpoint, event)])
      draw()
    }
  }

  func takeOverUnsent(at client: ServerClient) {
    client.keeper.lookForUnsent { [weak self] sends in
      // Messages of a server that was closed meanwhile are not taken over.
      guard let self, !isLeaving, clients.contains(where: { $0 === client }) else { return nil }
      handle([.server(client.endpoint, .recovered(sends))])
      send(.takeOver(sends), to: client.endpoint)
      draw()
      return interface
    }
  }

  // MARK: Leaving

  /// Exits once typed text is on disk. A second request exits at once, because a disk may never respond.
  func saveAndLeave() {
    guard leavingSaves == nil else { return leave() }
    leavingSaves = LeavingSaves(waiting: clients.count)
    for client in clients {
      client.keeper.keep(interface) { [weak self] failure in self?.noteLeavingSave(client.endpoint, failure) }
    }
  }

  private func noteLeavingSave(_ server: Endpoint, _ failure: Failure?) {
    guard var saves = leavingSaves else { return }
    saves.waiting -= 1
    saves.outcomes.append((server, failure))
    leavingSaves = saves
    guard saves.waiting == 0 else { return }
    leavingSaves = nil
    let failed = saves.outcomes.filter { $0.failure != nil }
    // Without a screen there may be no user to answer a question; unsaved text is printed instead.
    guard let last = failed.last, lineRun == nil else { return leave() }
    handle(saves.outcomes.filter { $0.failure == nil }.map { .server($0.server, .saved) })
    for (server, failure) in failed {
      guard let reason = failure?.description else { continue }
      handle([.server(server, .saveFailed(reason: reason, isLeaving: server == last.server))])
    }
    draw()
  }

  /// Saves for the last time. Unconfirmed messages are sent again in the next run.
  /// - Returns: false if typed text could not be saved and was printed.
  func keepAtExit() -> Bool {
    var isAllKept = true
    for client in clients {
      client.isChanged = false
      client.keeper.keep(interface)
    }
    for client in clients {
      guard let failure = client.keeper.finish(), !isLossAccepted else { continue }
      if printTyped(of: client.endpoint, failure) { isAllKept = false }
    }
    return isAllKept
  }

  /// Saves which messages were transmitted since `keepAtExit`. Call after the connections have ended.
  func keepTransmissions() {
    for client in clients {
      client.receiveWaiting()
      guard client.isChanged else { continue }
      client.keeper.keep(interface)
      client.keeper.finish()
    }
  }

  /// Prints a server's typed text that could not be saved, if the user did not choose to lose it.
  /// - Returns: whether there was any.
  private func printTyped(of server: Endpoint, _ failure: Failure) -> Bool {
    let texts = interface.typedTexts(of: server)
    guard !texts.isEmpty else { return false }
    write("swiftchat: typed text could not be saved: \(failure)\n", to: STDERR_FILENO)
    for (place, text) in texts { write("\(place): \(text)\n", to: STDERR_FILENO) }
    return true
  }
}
