import ChatClient
import ChatProtocol
import ChatUI
import Dispatch

/// What is kept of the conversations with one server, between the interface, the client's session and the file.
@MainActor
final class MemoryKeeper {
  let endpoint: Endpoint
  /// By which the server knows us again.
  var token: String?
  /// What the server is known by.
  private(set) var pin: Pin?
  /// Whether `pin` is what the file of known hosts says.
  private var isPinKept: Bool
  /// Whether the server was met before; otherwise `pin` is what a link says.
  private var wasMet: Bool
  /// Whether the server has proved to have the key of `pin`.
  private var isPinProven = false
  private var hasComplained = false
  private let invitation: String?
  private let hosts: KnownHosts?
  /// As it was when we came: safe to show.
  let memory: InterfaceMemory
  /// Nil where nothing can be kept.
  private let file: ConversationFile?
  /// Why nothing can be kept.
  private let obstacle: Failure?
  /// For the person: what could not be read.
  let warnings: [String]

  /// - Throws: where the server is known by another pin than the link says, or it cannot be told what it is known by.
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

  /// The same for the session: the screen has got so far, and these messages wait.
  var clientMemory: ClientMemory {
    ClientMemory(
      token: token, pin: pin, wasMet: wasMet, invitation: invitation, cursors: memory.cursors,
      unconfirmed: memory.unconfirmed.compactMap { ClientMemory.Unconfirmed($0) })
  }

  // MARK: What the server is known by

  private static func pin(of link: ShareLink, _ hosts: KnownHosts?) throws(Failure) -> Pin? {
    guard let hosts, let known = try hosts.pin(of: link.endpoint) else { return nil }
    try compare(known, with: link)
    return known
  }

  /// - Throws: where the link says something else.
  private static func compare(_ known: Pin, with link: ShareLink) throws(Failure) {
    guard let given = link.pin, given != known else { return }
    throw Failure(
      "\(link.endpoint) is known by the pin \(known), and the link says \(given). Ask who gave you the link; if it is"
        + " right: swiftchat trust '\(ShareLink(endpoint: link.endpoint, pin: given))'")
  }

  /// To come back to the server that we are with: its file may have been changed by `swiftchat trust`.
  /// - Throws: where the link says something else than what the server is known by.
  func security(for link: ShareLink) throws(Failure) -> ClientMemory {
    let kept = try Self.pin(of: link, hosts)
    // What could not be written is known all the same.
    if kept == nil, isPinProven, let pin { try Self.compare(pin, with: link) }
    let pin = kept ?? link.pin ?? self.pin
    if pin != self.pin { isPinProven = false }
    wasMet = kept != nil || isPinProven
    self.pin = pin
    isPinKept = kept != nil
    return ClientMemory(pin: pin, wasMet: wasMet, invitation: link.invitation)
  }

  /// It was met for the first time.
  func learn(_ pin: Pin) throws(Failure) {
    self.pin = pin
    try keepPin()
  }

  /// The server has proved to be the one that a link spoke of.
  /// - Throws: why it cannot be written; once, though it is tried again at each connection.
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

  /// The person has compared the pins.
  /// - Parameter pin: nil: the server is as one that was never met.
  func trust(_ pin: Pin?) throws(Failure) {
    self.pin = pin
    isPinProven = false
    isPinKept = false
    guard let hosts else { return }
    guard let pin else { return _ = try hosts.forget(endpoint) }
    try hosts.replace(pin, for: endpoint)
    isPinKept = true
  }

  // MARK: Keeping

  /// - Parameter completion: called when it is on the disk, or cannot be written.
  func keep(_ memory: InterfaceMemory, then completion: @escaping @MainActor (Failure?) -> Void = { _ in }) {
    guard let file else { return completion(obstacle) }
    file.save(ConversationFile.Contents(token: token, memory: memory)) { failure in
      DispatchQueue.main.async { MainActor.assumeIsolated { completion(failure) } }
    }
  }

  /// Returns when all is written.
  /// - Returns: why not, where it could not be.
  @discardableResult
  func finish() -> Failure? { file?.finish() ?? obstacle }

  // MARK: What other clients left

  /// Looks for messages that another client, which has ended since, could not send.
  /// - Parameter take: called where there are any; returns what is to be kept from then on, or nil to leave them.
  func lookForUnsent(_ take: @escaping @MainActor ([RememberedSend]) -> InterfaceMemory?) {
    guard let file else { return }
    file.lookForUnsent(token: token) { leftover in
      DispatchQueue.main.async {
        MainActor.assumeIsolated {
          guard let memory = take(leftover.sends) else { return }
          self.keep(memory)
          file.settle(leftover)
        }
      }
    }
  }
}

extension ClientMemory.Unconfirmed {
  /// - Returns: nil where it is to nobody.
  init?(_ sent: RememberedSend) {
    guard let target = Target(remembered: sent.target) else { return nil }
    self.init(
      id: SendID(sent.id), target: target, text: sent.text, wasTransmitted: sent.wasTransmitted,
      epoch: sent.epoch.flatMap { Epoch($0) })
  }
}
