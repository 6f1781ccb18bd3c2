import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport
import Dispatch

/// Stores the conversations with one server: connects the interface, the client session and the file.
@MainActor
final class MemoryKeeper {
  let endpoint: Endpoint
  /// The state that the session must remember. Follows the session by `note`.
  private(set) var session: ClientMemory
  /// Whether the pin is in the known hosts file.
  private var isPinKept: Bool
  /// Whether the server has proved possession of the key of the pin.
  private var isPinProven = false
  private var hasComplained = false
  private let hosts: KnownHosts?
  /// The stored state at the start, checked to be safe to display.
  let memory: InterfaceMemory
  /// Nil if nothing can be stored.
  private let file: ConversationFile?
  /// Why nothing can be stored.
  private let obstacle: Failure?
  /// Warnings for the user about unreadable files.
  let warnings: [String]

  /// - Throws: `Failure` if the link's pin differs from the known one, or if the known hosts file cannot be read.
  init(of link: ShareLink, files: UserFiles) throws(Failure) {
    endpoint = link.endpoint
    hosts = files.knownHosts
    let known = try Self.pin(of: link, hosts)
    isPinKept = known != nil
    var file: ConversationFile?
    var obstacle: Failure?
    do { file = try files.conversations(with: endpoint) } catch { obstacle = error }
    (self.file, self.obstacle) = (file, obstacle)
    warnings = file?.warnings ?? []
    let contents = file?.contents ?? ConversationFile.Contents()
    memory = contents.memory.checked
    session = ClientMemory(
      token: contents.token, pin: known ?? link.pin, wasMet: known != nil, invitation: link.invitation,
      cursors: memory.cursors, unconfirmed: memory.unconfirmed.compactMap(\.message))
  }

  // MARK: The session

  /// A command is given to the session. Stores a pin that the user has compared.
  /// - Throws: `Failure` if the pin cannot be stored.
  func note(_ command: ClientCommand, at time: Timestamp) throws(Failure) {
    session.note(command, at: time)
    if case .trust(let pin) = command { try trust(pin) }
  }

  /// The session has reported an event. Stores the pin of a server that has proved it.
  /// - Throws: `Failure` if the pin cannot be stored.
  func note(_ event: ClientEvent) throws(Failure) {
    session.note(event)
    switch event {
    case .pinned(let pin): try learn(pin)
    case .online(_, _, let standing) where standing.isEncrypted: try keepPin()
    default: break
    }
  }

  // MARK: Pins

  private static func pin(of link: ShareLink, _ hosts: KnownHosts?) throws(Failure) -> Pin? {
    guard let hosts, let known = try hosts.pin(of: link.endpoint) else { return nil }
    try compare(known, with: link)
    return known
  }

  /// - Throws: `Failure` if the link has a different pin.
  private static func compare(_ known: Pin, with link: ShareLink) throws(Failure) {
    guard let given = link.pin, given != known else { return }
    throw Failure(
      "\(link.endpoint) is known by the pin \(known), and the link says \(given). Ask who gave you the link; if it is"
        + " right: swiftchat trust '\(ShareLink(endpoint: link.endpoint, pin: given))'")
  }

  /// The pin and invitation for a reconnect to the current server. Reads the known hosts file again: `swiftchat trust`
  /// may have changed it.
  /// - Throws: `Failure` if the link's pin differs from the known one.
  func security(for link: ShareLink) throws(Failure) -> ClientMemory {
    let kept = try Self.pin(of: link, hosts)
    // A verified pin counts even if it could not be stored.
    if kept == nil, isPinProven, let pin = session.pin { try Self.compare(pin, with: link) }
    let pin = kept ?? link.pin ?? session.pin
    if pin != session.pin { isPinProven = false }
    session.wasMet = kept != nil || isPinProven
    session.pin = pin
    isPinKept = kept != nil
    return ClientMemory(pin: pin, wasMet: session.wasMet, invitation: link.invitation)
  }

  /// Stores the pin of a server after the first connection.
  func learn(_ pin: Pin) throws(Failure) {
    session.pin = pin
    try keepPin()
  }

  /// Stores the pin after the server has proved its key.
  /// - Throws: `Failure` if the pin cannot be written. Only the first failure is thrown, though each connection tries
  ///   again.
  func keepPin() throws(Failure) {
    guard let pin = session.pin else { return }
    isPinProven = true
    session.wasMet = true
    guard !isPinKept, let hosts else { return }
    let known: Pin
    do {
      known = try hosts.add(pin, for: endpoint)
    } catch {
      guard !hasComplained else { return }
      hasComplained = true
      throw error
    }
    isPinKept = true
    guard known != pin else { return }
    throw Failure("\(endpoint) showed another program the pin \(known), and this one \(pin): one of them is not it")
  }

  /// Replaces the pin after the user has compared the pins.
  /// - Parameter pin: nil makes the server unknown.
  func trust(_ pin: Pin?) throws(Failure) {
    session.pin = pin
    isPinProven = false
    isPinKept = false
    guard let hosts else { return }
    guard let pin else { return _ = try hosts.forget(endpoint) }
    try hosts.replace(pin, for: endpoint)
    isPinKept = true
  }

  // MARK: Saving

  /// Saves what the session must remember, and what the interface shows.
  /// - Parameter completion: called when the state is on disk, or could not be written.
  func keep(_ interface: Interface, then completion: @escaping @MainActor (Failure?) -> Void = { _ in }) {
    guard let file else { return completion(obstacle) }
    let memory = interface.memory(unconfirmed: session.unconfirmed)
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
