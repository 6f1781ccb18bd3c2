import ChatProtocol
import ChatRecords

// Bans and mutes.

extension Hub {
  func ban(
    _ subject: Subject, for span: AdminRequest.Span, reason: String, _ turn: borrowing Turn
  ) throws(RequestError) -> Proposal {
    try registry.requireOperator(turn.caller)
    if case .network(let network) = subject { try mayBan(network, turn.caller) }
    return try impose(.ban, on: try asMeant(subject, .ban), for: span, reason, turn)
  }

  func mute(
    _ name: Nickname, for span: AdminRequest.Span, reason: String, _ turn: borrowing Turn
  ) throws(RequestError) -> Proposal {
    try registry.requireOperator(turn.caller)
    return try impose(.mute, on: try asMeant(.name(name), .mute), for: span, reason, turn)
  }

  private func impose(
    _ kind: Sanction.Kind, on subject: Subject, for span: AdminRequest.Span, _ reason: String, _ turn: borrowing Turn
  ) throws(RequestError) -> Proposal {
    let subject = personal(subject)
    guard turn.caller.isControl || !isOperators(subject) else {
      throw RequestError(.protected, text: "Only the host may do this to an operator.")
    }
    return try registry.impose(kind, on: subject, for: span, reason, blocks: blocks(of: subject), turn)
  }

  func pardon(_ kind: Sanction.Kind, _ subject: Subject, _ turn: borrowing Turn) throws(RequestError) -> Proposal {
    try registry.pardon(kind, subject, or: personal(subject), turn)
  }

  mutating func listSanctions(_ turn: inout Turn) throws(RequestError) {
    try registry.requireOperator(turn.caller)
    let (lines, hasMore) = registry.sanctionLines(at: turn.wall)
    sessions.reply("sanctions", lines, hasMore: hasMore, to: turn.caller.address, &turn)
  }

  /// Removes expired sanctions.
  mutating func expireSanctions(_ turn: inout Turn) {
    // A sanction that is being renewed at the moment must not be removed.
    guard !proposals.areChangingRegistry else { return }
    let expired = registry.expired(at: turn.wall)
    guard !expired.isEmpty else { return }
    proposals.begin(Proposal(changes: expired.map { .pardon($0.kind, $0.subject) }), &turn)
  }

  // MARK: Subjects

  /// Replaces a name in a sanction by the name that its bearer owns, if the bearer is logged in under another one.
  private func personal(_ subject: Subject) -> Subject {
    guard case .name(let name) = subject, registry.account(named: name) == nil,
      let member = people.present(name)?.member
    else { return subject }
    for login in people[member]?.logins ?? [] {
      if let account = registry.keyHolder(login.login) { return .name(account.name) }
    }
    return subject
  }

  /// The address blocks whose guests a sanction also covers: those of the person's present or recent logins.
  private func blocks(of subject: Subject) -> Set<Network> {
    if case .network = subject { return [] }
    let present = people.logins { registry.applies(subject, to: $0) }
    let blocks = present.compactMap(\.network)
    if present.isEmpty, let name = name(of: subject) {
      return Set([people.recent.network(of: name)].compactMap { $0 })
    }
    return Set(blocks.prefix(Sanction.maximumBlocks))
  }

  /// The name of a person who has left recently.
  private func name(of subject: Subject) -> Nickname? {
    switch subject {
    case .name(let name): name
    case .key(let key): registry.account(with: key)?.name
    case .network: nil
    }
  }

  /// - Throws: for a name that has no bearer and looks like an address or a mask: the sanction would apply to no
  ///   person, while the operator would expect it to apply to addresses.
  private func asMeant(_ subject: Subject, _ verb: Verb) throws(RequestError) -> Subject {
    let known = asKnown(subject)
    guard case .name(let name) = known, name.resemblesMask, registry.account(named: name) == nil,
      people.present(name) == nil
    else { return known }
    let forms = verb == .ban ? Subject.forms : "a name"
    throw RequestError(
      .invalidRequest, text: "Nobody is called \(name.text); \(verb.rawValue) is followed by \(forms).")
  }

  /// Replaces names by their spelling in the registry or roster.
  private func asKnown(_ subject: Subject) -> Subject {
    guard case .name(let name) = subject else { return subject }
    return .name(registry.account(named: name)?.name ?? people.present(name)?.name ?? name)
  }

  private func isOperators(_ subject: Subject) -> Bool {
    switch subject {
    case .name(let name): registry.account(named: name)?.isOperator == true
    case .key(let key): registry.account(with: key)?.isOperator == true
    case .network(let network): holdsOperator(network)
    }
  }

  private func holdsOperator(_ network: Network) -> Bool {
    !people.logins { login in
      login.address.map(network.contains) == true && registry.account(of: login)?.isOperator == true
    }.isEmpty
  }

  /// - Throws: if the ban would cover the host itself or the requesting operator.
  private func mayBan(_ network: Network, _ caller: Caller) throws(RequestError) {
    guard !network.holdsLoopback else {
      throw RequestError(.protected, text: "The host itself is in \(network).")
    }
    if let address = caller.peer.address, network.contains(address) {
      throw RequestError(.protected, text: "Your own address is in \(network).")
    }
    for id in sessions.keys where sessions[id]?.peer.isHost == true {
      guard let address = sessions[id]?.peer.address, network.contains(address) else { continue }
      throw RequestError(.protected, text: "The host itself is in \(network).")
    }
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
