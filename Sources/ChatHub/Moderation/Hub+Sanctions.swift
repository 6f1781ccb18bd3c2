import ChatProtocol
import ChatRecords

// Bans and mutes.

extension Hub {
  mutating func ban(_ subject: Subject, for span: AdminRequest.Span, reason: String, _ turn: inout Turn)
    throws(RequestError)
  {
    try requireOperator(turn.caller)
    if case .network(let network) = subject { try mayBan(network, turn) }
    let subject = personal(try asMeant(subject, .ban))
    try impose(.ban, on: subject, for: span, reason, &turn)
  }

  mutating func endSessions(meantBy ban: Sanction, _ turn: inout Turn) {
    let bye = ServerMessage.bye(.banned, text: ban.sentence)
    for id in sessions.keys.filter({ isMeant($0, by: ban) }).sorted(by: { $0.number < $1.number }) {
      end(id, leaving: .kicked, closing: .banned, farewell: bye, &turn)
    }
  }

  mutating func unban(_ subject: Subject, _ turn: inout Turn) throws(RequestError) {
    try pardon(.ban, subject, &turn)
  }

  mutating func mute(_ name: Nickname, for span: AdminRequest.Span, reason: String, _ turn: inout Turn)
    throws(RequestError)
  {
    try requireOperator(turn.caller)
    let subject = personal(try asMeant(.name(name), .mute))
    try impose(.mute, on: subject, for: span, reason, &turn)
  }

  mutating func unmute(_ name: Nickname, _ turn: inout Turn) throws(RequestError) {
    try pardon(.mute, .name(name), &turn)
  }

  mutating func listSanctions(_ turn: inout Turn) throws(RequestError) {
    try requireOperator(turn.caller)
    var lines: [ServerMessage] = []
    var bytes = 0
    var hasMore = false
    for sanction in registry.allSanctions.filter({ $0.holds(at: wall) }).inOrder() {
      guard bytes < Self.maximumRecordBytes else {
        hasMore = true
        break
      }
      // The rest of the line takes about a hundred bytes.
      bytes += 100 + sanction.subject.text.utf8.count + sanction.reason.utf8.count
      lines.append(.sanction(sanction))
    }
    reply("sanctions", lines, hasMore: hasMore, to: turn.caller.address, &turn)
  }

  /// Removes expired sanctions.
  mutating func expireSanctions(_ turn: inout Turn) {
    // A sanction that is being renewed at the moment must not be removed.
    guard proposals.isEmpty else { return }
    let expired = registry.expired(at: wall)
    guard !expired.isEmpty else { return }
    propose(Proposal(changes: expired.map { .pardon($0.kind, $0.subject) }), &turn)
  }

  // MARK: Imposing

  private mutating func impose(
    _ kind: Sanction.Kind, on subject: Subject, for span: AdminRequest.Span, _ reason: String, _ turn: inout Turn
  ) throws(RequestError) {
    guard turn.caller.isControl || !isOperators(subject) else {
      throw RequestError(.protected, text: "Only the host may do this to an operator.")
    }
    guard registry.sanction(kind, subject) != nil || registry.sanctionCount < Registry.maximumSanctions else {
      throw RequestError(.tooManySanctions)
    }
    var until: Timestamp?
    var text = ""
    if case .seconds(let seconds) = span {
      until = wall.advanced(by: .seconds(seconds))
      text = "for \(Duration.seconds(seconds).inWords)"
    }
    let reason = Self.clean(reason)
    if !reason.isEmpty { text += (text.isEmpty ? "" : ": ") + reason }
    let sanction = Sanction(
      kind: kind, subject: subject, until: until, by: turn.caller.actor, reason: reason, blocks: blocks(of: subject))
    propose(
      [.sanction(sanction), act(kind == .ban ? .ban : .mute, subject.text, text, by: sanction.by)],
      effects: kind == .ban ? [.ban(sanction)] : [], &turn)
  }

  private mutating func pardon(_ kind: Sanction.Kind, _ subject: Subject, _ turn: inout Turn) throws(RequestError) {
    try requireOperator(turn.caller)
    let found = registry.sanction(kind, subject) ?? registry.sanction(kind, personal(subject))
    guard let sanction = found, sanction.holds(at: wall) else {
      let kinds = kind == .ban ? "ban" : "mute"
      throw RequestError(.notFound, text: "There is no \(kinds) of \(subject); BANS lists them.")
    }
    let verb: Verb = kind == .ban ? .unban : .unmute
    propose([.pardon(kind, sanction.subject), act(verb, sanction.subject.text, "", by: turn.caller.actor)], &turn)
  }

  /// - Throws: for a name that has no bearer and looks like an address or a mask: the sanction would apply to no
  ///   person, while the operator would expect it to apply to addresses.
  private func asMeant(_ subject: Subject, _ verb: Verb) throws(RequestError) -> Subject {
    let known = asKnown(subject)
    guard case .name(let name) = known, name.resemblesMask, registry.account(named: name) == nil,
      !roster.contains(name)
    else { return known }
    let forms = verb == .ban ? Subject.forms : "a name"
    throw RequestError(
      .invalidRequest, text: "Nobody is called \(name.text); \(verb.rawValue) is followed by \(forms).")
  }

  /// Replaces names by their spelling in the registry or roster.
  private func asKnown(_ subject: Subject) -> Subject {
    guard case .name(let name) = subject else { return subject }
    return .name(registry.account(named: name)?.name ?? roster.entry(name)?.key ?? name)
  }

  private func isOperators(_ subject: Subject) -> Bool {
    switch subject {
    case .name(let name): registry.account(named: name)?.isOperator == true
    case .key(let key): registry.account(with: key)?.isOperator == true
    case .network(let network): holdsOperator(network)
    }
  }

  private func holdsOperator(_ network: Network) -> Bool {
    sessions.keys.contains { id in
      guard let presence = sessions[id]?.presence, account(of: presence)?.isOperator == true else { return false }
      return isMeant(id, by: .network(network))
    }
  }

  /// - Throws: if the ban would cover the host itself or the requesting operator.
  private func mayBan(_ network: Network, _ turn: borrowing Turn) throws(RequestError) {
    guard !network.holdsLoopback else {
      throw RequestError(.protected, text: "The host itself is in \(network).")
    }
    if let address = turn.caller.peer.address, network.contains(address) {
      throw RequestError(.protected, text: "Your own address is in \(network).")
    }
    for id in sessions.keys where sessions[id]?.peer.isHost == true {
      guard let address = sessions[id]?.peer.address, network.contains(address) else { continue }
      throw RequestError(.protected, text: "The host itself is in \(network).")
    }
  }

  // MARK: Matching

  /// Includes guests from a banned person's address blocks.
  private func isMeant(_ id: SessionID, by ban: Sanction) -> Bool {
    if isMeant(id, by: ban.subject) { return true }
    guard let session = sessions[id], let presence = session.presence, keyHolder(presence) == nil else { return false }
    return Self.block(of: session.peer).map(ban.blocks.contains) == true
  }

  func isMeant(_ id: SessionID, by subject: Subject) -> Bool {
    guard let session = sessions[id] else { return false }
    switch subject {
    case .name(let name):
      guard let presence = session.presence else { return false }
      // The owner may be logged in under another name.
      return presence.name == name || presence.key.flatMap { registry.account(with: $0) }?.name == name
    case .key(let key):
      guard let presence = session.presence else { return false }
      // The owner may be logged in under another name, with another key.
      return presence.key == key || presence.key.flatMap { registry.account(with: $0) }?.opens(with: key) == true
    case .network(let network):
      return !session.peer.isHost && session.peer.address.map(network.contains) == true
    }
  }

  /// A ban of a name covers all the account's keys, and a ban of a key covers the account's name.
  /// - Parameters:
  ///   - key: the key that the client proved to hold.
  ///   - member: the client's member ID, if known.
  ///   - peer: the client's address; guests from a banned person's address blocks are banned, too.
  func mustNotBeBanned(_ name: Nickname, key: PublicKey?, member: MemberID?, from peer: Peer? = nil)
    throws(RequestError)
  {
    var subjects: [Subject] = [.name(name)]
    if let key { subjects.append(.key(key)) }
    for account in [member.flatMap { registry.account(of: $0) }, key.flatMap { registry.account(with: $0) }] {
      guard let account else { continue }
      subjects.append(.name(account.name))
      subjects += account.keys.map { .key($0.key) }
    }
    for subject in subjects {
      guard let ban = registry.sanction(.ban, subject), ban.holds(at: wall) else { continue }
      throw RequestError(.banned, text: ban.sentence)
    }
    if key.flatMap({ registry.account(with: $0) }) == nil, let ban = guestSanction(.ban, peer) {
      throw RequestError(.banned, text: ban.sentence)
    }
    guard !registry.bannedLooks.contains(lookalikeOf: name) else { throw RequestError(.usernameConfusable) }
  }
}

extension Network {
  fileprivate var holdsLoopback: Bool {
    address.isLoopback || ["127.0.0.1", "::1"].contains { IPAddress($0).map(contains) == true }
  }
}

extension Nickname {
  fileprivate var resemblesMask: Bool {
    text.utf8.contains { "*?".utf8.contains($0) } || Network(text) != nil || text.beginsWithAddress
  }
}

extension String {
  /// Whether it begins with an IPv4 address, as an IPv4 range does.
  fileprivate var beginsWithAddress: Bool {
    let parts = split(separator: ".", omittingEmptySubsequences: false).prefix(4)
    return parts.count == 4 && parts.prefix(3).allSatisfy { !$0.isEmpty && $0.allSatisfy(\.isNumber) }
  }
}
