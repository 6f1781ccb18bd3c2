import ChatModel
import ChatProtocol
import CommandSupport

/// The pin of one server: compares the known one with a link, follows the session, and stores the pin when the server
/// has proved it.
struct PinKeeper {
  let endpoint: Endpoint
  private let hosts: KnownHosts?
  /// Whether the pin is in the known hosts file.
  private var isKept: Bool
  /// Whether the server has proved possession of the key of the pin.
  private var isProven = false
  private var hasComplained = false
  /// The initial memory of the session: pin and invitation.
  let start: ClientMemory

  /// - Parameter hosts: nil if nothing can be stored.
  /// - Throws: `Failure` if the link's pin differs from the known one, or if the known hosts file cannot be read.
  init(of link: ShareLink, in hosts: KnownHosts?) throws(Failure) {
    endpoint = link.endpoint
    self.hosts = hosts
    let known = try Self.known(link, hosts)
    isKept = known != nil
    start = ClientMemory(pin: known ?? link.pin, wasMet: known != nil, invitation: link.invitation)
  }

  private static func known(_ link: ShareLink, _ hosts: KnownHosts?) throws(Failure) -> Pin? {
    guard let hosts, let known = try hosts.pin(of: link.endpoint) else { return nil }
    try compare(known, with: link)
    return known
  }

  /// - Throws: `Failure` if the link has a different pin.
  private static func compare(_ known: Pin, with link: ShareLink) throws(Failure) {
    guard let given = link.pin, given != known else { return }
    throw Failure(
      "\(link.endpoint.summary) is known by the pin \(known), and the link says \(given). Ask who gave you the link; if it is"
        + " right: swiftchat trust '\(ShareLink(endpoint: link.endpoint, pin: given))'")
  }

  /// The session has reported an event. Stores the pin of a server that has proved it.
  /// - Parameter session: the session's memory, to which the event was passed before.
  /// - Throws: `Failure` if the pin cannot be stored.
  mutating func note(_ event: ClientEvent, _ session: inout ClientMemory) throws(Failure) {
    switch event {
    case .pinned(let pin): try learn(pin, &session)
    case .online(_, _, let standing) where standing.isEncrypted: try keep(&session)
    default: break
    }
  }

  /// The pin and invitation for a reconnect to the current server. Reads the known hosts file again: `swiftchat trust`
  /// may have changed it.
  /// - Throws: `Failure` if the link's pin differs from the known one.
  mutating func security(for link: ShareLink, _ session: inout ClientMemory) throws(Failure) -> ClientMemory {
    let kept = try Self.known(link, hosts)
    // A verified pin counts even if it could not be stored.
    if kept == nil, isProven, let pin = session.pin { try Self.compare(pin, with: link) }
    let pin = kept ?? link.pin ?? session.pin
    if pin != session.pin { isProven = false }
    session.wasMet = kept != nil || isProven
    session.pin = pin
    isKept = kept != nil
    return ClientMemory(pin: pin, wasMet: session.wasMet, invitation: link.invitation)
  }

  /// Stores the pin of a server after the first connection.
  private mutating func learn(_ pin: Pin, _ session: inout ClientMemory) throws(Failure) {
    session.pin = pin
    try keep(&session)
  }

  /// Stores the pin after the server has proved its key.
  /// - Throws: `Failure` if the pin cannot be written. Only the first failure is thrown, though each connection tries
  ///   again.
  private mutating func keep(_ session: inout ClientMemory) throws(Failure) {
    guard let pin = session.pin else { return }
    isProven = true
    session.wasMet = true
    guard !isKept, let hosts else { return }
    let known: Pin
    do {
      known = try hosts.add(pin, for: endpoint)
    } catch {
      guard !hasComplained else { return }
      hasComplained = true
      throw error
    }
    isKept = true
    guard known != pin else { return }
    throw Failure(
      "\(endpoint.summary) showed another program the pin \(known), and this one \(pin): one of them is not it")
  }

  /// Replaces the pin after the user has compared the pins.
  /// - Parameter pin: nil makes the server unknown.
  mutating func trust(_ pin: Pin?, _ session: inout ClientMemory) throws(Failure) {
    session.pin = pin
    isProven = false
    isKept = false
    guard let hosts else { return }
    guard let pin else { return _ = try hosts.forget(endpoint) }
    try hosts.replace(pin, for: endpoint)
    isKept = true
  }
}
