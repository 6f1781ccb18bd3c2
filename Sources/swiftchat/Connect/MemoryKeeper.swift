import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport
import Dispatch

/// Stores the conversations with one server: connects the interface, the client session and the file.
@MainActor
final class MemoryKeeper {
  /// The state that the session must remember. Follows the session by `note`.
  private(set) var session: ClientMemory
  private var pins: PinKeeper
  /// The stored state at the start, checked to be safe to display.
  let memory: InterfaceMemory
  /// Nil if nothing can be stored.
  private let file: ConversationFile?
  /// The reason why nothing can be stored; nil if there is a file.
  private let obstacle: Failure?
  /// Warnings for the user about unreadable files.
  let warnings: [String]

  var endpoint: Endpoint { pins.endpoint }

  /// - Throws: `Failure` if the link's pin differs from the known one, or if the known hosts file cannot be read.
  init(of link: ShareLink, files: UserFiles) throws(Failure) {
    pins = try PinKeeper(of: link, in: files.knownHosts)
    var file: ConversationFile?
    var obstacle: Failure?
    do { file = try files.conversations(with: link.endpoint) } catch { obstacle = error }
    (self.file, self.obstacle) = (file, obstacle)
    warnings = file?.warnings ?? []
    let contents = file?.contents ?? ConversationFile.Contents()
    memory = contents.memory.checked
    session = ClientMemory(
      token: contents.token, pin: pins.start.pin, wasMet: pins.start.wasMet, invitation: pins.start.invitation,
      cursors: memory.cursors, unconfirmed: memory.unconfirmed.compactMap(\.message))
  }

  // MARK: The session

  /// A command is given to the session. Stores a pin that the user has compared.
  /// - Throws: `Failure` if the pin cannot be stored.
  func note(_ command: ClientCommand, at time: Timestamp) throws(Failure) {
    session.note(command, at: time)
    if case .trust(let pin) = command { try pins.trust(pin, &session) }
  }

  /// The session has reported an event. Stores the pin of a server that has proved it.
  /// - Throws: `Failure` if the pin cannot be stored.
  func note(_ event: ClientEvent) throws(Failure) {
    session.note(event)
    try pins.note(event, &session)
  }

  // MARK: Pins

  /// The pin and invitation for a reconnect to the current server.
  /// - Throws: `Failure` if the link's pin differs from the known one.
  func security(for link: ShareLink) throws(Failure) -> ClientMemory { try pins.security(for: link, &session) }

  // MARK: Saving

  /// Saves the memory of the session and of the interface.
  /// - Parameter completion: called when the state is on disk, or could not be written.
  func keep(_ interface: Interface, then completion: @escaping @MainActor (Failure?) -> Void = { _ in }) {
    guard let file else { return completion(obstacle) }
    // After the server was closed, the file has its last state.
    guard let memory = interface.memory(of: endpoint, unconfirmed: session.unconfirmed) else { return completion(nil) }
    file.save(ConversationFile.Contents(token: session.token, memory: memory)) { failure in
      DispatchQueue.main.async { MainActor.assumeIsolated { completion(failure) } }
    }
  }

  /// Returns when everything is written.
  /// - Returns: the failure of the last write; nil if it succeeded.
  @discardableResult
  func finish() -> Failure? { file?.finish() ?? obstacle }

  // MARK: Unsent messages of exited clients

  /// Looks for messages that were left unsent by another client that has exited since.
  /// - Parameter take: called if there are any; returns the new state to store, or nil to leave the messages.
  func lookForUnsent(_ take: @escaping @MainActor ([OutgoingMessage]) -> Interface?) {
    guard let file else { return }
    file.lookForUnsent(token: session.token) { leftover in
      DispatchQueue.main.async {
        MainActor.assumeIsolated {
          guard let interface = take(leftover.sends.compactMap(\.message)) else { return }
          self.keep(interface)
          file.settle(leftover)
        }
      }
    }
  }
}
