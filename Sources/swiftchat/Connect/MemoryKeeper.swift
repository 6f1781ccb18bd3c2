import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport
import Dispatch

/// Stores the conversations with one server: connects the interface, the client session and the file.
@MainActor
final class MemoryKeeper {
  let endpoint: Endpoint
  /// The resume token.
  var token: String?
  /// The server's expected pin; nil if unknown.
  private(set) var pin: Pin?
  /// Whether `pin` is in the known hosts file.
  private var isPinKept: Bool
  /// Whether the server is known from an earlier connection; otherwise `pin` comes from a link.
  private var wasMet: Bool
  /// Whether the server has proved possession of the key of `pin`.
  private var isPinProven = false
  private var hasComplained = false
  private let invitation: String?
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
    pin = known ?? link.pin
    isPinKept = known != nil
    wasMet = known != nil
    invitation = link.invitation
    var file: ConversationFile?
    var obstacle: Failure?
    do { file = try files.conversations(with: endpoint) } catch { obstacle = error }
    (self.file, self.obstacle) = (file, obstacle)
    warnings = file?.warnings ?? []
    let contents = file?.contents ?? ConversationFile.Contents()
    token = contents.token
    memory = contents.memory.checked
  }

  /// The stored state for the client session: cursors and unconfirmed messages.
  var clientMemory: ClientMemory {
    ClientMemory(
      token: token, pin: pin, wasMet: wasMet, invitation: invitation, cursors: memory.cursors,
      unconfirmed: memory.unconfirmed.compactMap(\.message))
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
    if kept == nil, isPinProven, let pin { try Self.compare(pin, with: link) }
    let pin = kept ?? link.pin ?? self.pin
    if pin != self.pin { isPinProven = false }
    wasMet = kept != nil || isPinProven
    self.pin = pin
    isPinKept = kept != nil
    return ClientMemory(pin: pin, wasMet: wasMet, invitation: link.invitation)
  }

  /// Stores the pin of a server after the first connection.
  func learn(_ pin: Pin) throws(Failure) {
    self.pin = pin
    try keepPin()
  }

  /// Stores the pin after the server has proved its key.
  /// - Throws: `Failure` if the pin cannot be written. Only the first failure is thrown, though each connection tries
  ///   again.
  func keepPin() throws(Failure) {
    guard let pin else { return }
    isPinProven = true
    wasMet = true
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
    self.pin = pin
    isPinProven = false
    isPinKept = false
    guard let hosts else { return }
    guard let pin else { return _ = try hosts.forget(endpoint) }
    try hosts.replace(pin, for: endpoint)
    isPinKept = true
  }

  // MARK: Saving

  /// - Parameter completion: called when the state is on disk, or could not be written.
  func keep(_ memory: InterfaceMemory, then completion: @escaping @MainActor (Failure?) -> Void = { _ in }) {
    guard let file else { return completion(obstacle) }
    file.save(ConversationFile.Contents(token: token, memory: memory)) { failure in
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
  func lookForUnsent(_ take: @escaping @MainActor ([OutgoingMessage]) -> InterfaceMemory?) {
    guard let file else { return }
    file.lookForUnsent(token: token) { leftover in
      DispatchQueue.main.async {
        MainActor.assumeIsolated {
          guard let memory = take(leftover.sends.compactMap(\.message)) else { return }
          self.keep(memory)
          file.settle(leftover)
        }
      }
    }
  }
}
