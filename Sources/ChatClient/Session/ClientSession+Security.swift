import ChatModel
import ChatProtocol

// Server identity, pins and encryption.

extension ClientSession {
  /// Security of a connection.
  public enum Security: Hashable, Sendable {
    /// Over TLS.
    /// - Parameter expecting: the only acceptable pin; nil accepts any server.
    case encrypted(expecting: Pin?)
    case plain
  }

  private static let mostInvitationBytes = 512

  /// Takes over the pin and invitation that were stored for, or that a link gives for, the present endpoint.
  mutating func learnSecurity(from kept: ClientMemory) {
    if let pin = kept.pin {
      memory.isPinProved = kept.wasMet || (memory.isPinProved && memory.pin == pin)
      memory.pin = pin
      memory.isPlain = false
    }
    if let code = kept.invitation, (1...Self.mostInvitationBytes).contains(code.utf8.count) {
      memory.invitation = code
    }
  }

  /// The open connection, plain or encrypted, is to another server than the endpoint's known pin names.
  var speaksToAnother: Bool {
    guard let known = memory.pin else { return false }
    switch state {
    case .negotiating(let link, _), .reclaiming(let link, _): return link.pin != known
    case .loggingIn(let login), .choosingName(.some(let login)): return login.link.pin != known
    case .online(let online): return online.link.pin != known
    case .idle, .connecting, .choosingName(nil), .leaving, .waiting, .ended: return false
    }
  }

  /// - Returns: whether the server is the known one, or the first one seen at the endpoint.
  mutating func accepts(_ pin: Pin?) -> Bool {
    if let known = memory.pin { return known == pin }
    guard let pin else { return true }
    memory.pin = pin
    memory.isPlain = false
    tell(.pinned(pin))
    return true
  }

  /// The user has compared the pins.
  /// - Parameter pin: nil to forget the server, as if it had never been seen.
  mutating func trust(_ pin: Pin?, at moment: Moment) {
    guard endpoint != nil else { return }
    memory.pin = pin
    memory.isPinProved = pin != nil
    memory.isPlain = false
    if case .waiting = state { open() }
  }

  /// The server that answered is not the expected one: nothing is sent to it.
  /// - Parameter host: the host that answered; nil for the only one.
  mutating func distrust(seen: Pin?, at host: HostPort? = nil) {
    guard let endpoint, let known = memory.pin else { return halt(reason: "the server cannot be trusted") }
    tell(.distrusted(endpoint, known: known, seen: seen, wasMet: memory.isPinProved))
    halt(reason: Self.distrust(of: endpoint, host ?? endpoint.first, seen: seen, wasMet: memory.isPinProved))
  }

  /// Another host or address is, or may be, the known server, and these are not: they were skipped. Each host is told
  /// once.
  mutating func tellStrangers(_ failures: [ConnectionFailure]) {
    guard memory.pin != nil else { return }
    for failure in failures where failure.isOfAnotherServer {
      guard let record = failure.record, memory.toldStrangers.insert(record.host).inserted else { continue }
      let place = endpoint?.hasSeveralHosts == true ? "" : record.address.map { " at \($0)" } ?? ""
      let what = if case .untrusted(let pin) = failure.kind { "its pin is \(pin)" } else { "it is not encrypted" }
      tell(.notice("\(record.host)\(place) is not this server: \(what). Nothing was sent to it."))
    }
  }

  private static func distrust(of endpoint: Endpoint, _ host: HostPort, seen: Pin?, wasMet: Bool) -> String {
    let command = seen == nil ? "swiftchat trust --forget \(endpoint)" : "swiftchat trust \(endpoint)"
    guard wasMet else {
      let what = seen.map { "its pin is \($0)" } ?? "it is not encrypted"
      return "\(host) is not the server in the link: \(what); ask the person who gave you the link, and only if"
        + " that is right: \(command)"
    }
    let what =
      seen.map { "the key of \(host) has changed to \($0): compare it with the line of \"swiftchat serve\" there" }
      ?? "\(host) is no longer encrypted: ask the person who runs it"
    return "\(what), and only if that is right: \(command)"
  }

  /// The server does not speak TLS, or the handshake failed without a TLS byte.
  /// - Parameter said: its first line; nil if it hung up or was silent.
  mutating func answeredInPlain(_ said: String?, by host: HostPort?, at moment: Moment) {
    if let said, let refusal = Self.refusal(said) { return retryLater(reason: refusal, at: moment) }
    // An HTTP server is not contacted a second time.
    if let said, said.hasPrefix("HTTP/"), memory.pin == nil, let host = host ?? endpoint?.first {
      return retryLater(reason: Self.isNoChat(host, saying: said), at: moment)
    }
    if memory.pin != nil {
      // Silence proves nothing: a starting server or a slow network looks the same.
      guard said == nil else { return distrust(seen: nil, at: host) }
      return retryLater(reason: "no answer over TLS, which this server spoke before", at: moment)
    }
    guard !memory.isPlain else {
      return retryLater(reason: "the server closed the connection", at: moment)
    }
    memory.isPlain = true
    rotation.endRound()
    open()
  }

  /// The reason why a server admits no client, sent before encryption begins. Anyone on the network path could have
  /// sent it, so the reason is shown and changes nothing else.
  fileprivate static func refusal(_ said: String) -> String? {
    guard case .error(let reply) = ServerMessage(reading: Line(text: said), in: []) else { return nil }
    switch reply.knownCode {
    case .serverFull, .banned, .tooManyConnections, .tooManyAttempts: return reply.words(isTagged: false).asReason
    default: return nil
    }
  }
}

extension ConnectionFailure {
  /// Whether the server runs there and takes no clients now.
  var isRefusalOfServer: Bool {
    if case .plain(let said?) = kind { ClientSession.refusal(said) != nil } else { false }
  }
}
