import ChatProtocol

// The keys of an account. Any of them opens it; the owner adds and removes keys.

extension Hub {
  private static let maximumKeys = 16
  private static let maximumLabelBytes = 64
  private static let invalidKeyRequest =
    "The request was not signed by its key for this name and this server: make it anew, with swiftchat identity request."

  mutating func listKeys(
    _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    let account = try ownAccount(request, context)
    answer("keys", account.keys.map { .key($0) }, request, context, into: &actions)
  }

  mutating func addKey(
    _ wanted: KeyRequest, label: String, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    var account = try ownAccount(request, context)
    let key = wanted.key
    guard let pin = settings.pin,
      key.signed(KeyRequest.statement(of: key, for: account.name, on: pin), with: wanted.proof)
    else { throw RequestError(.invalidProof, .key, text: Self.invalidKeyRequest) }
    guard registry.account(with: key) == nil else { throw RequestError(.keyInUse, .key) }
    guard account.keys.count < Self.maximumKeys else { throw RequestError(.tooManyKeys, .key) }
    account.keys.append(AccountKey(key: key, added: wall, label: Self.cleaned(label)))
    propose([.account(account)], request, context, into: &actions)
  }

  mutating func removeKey(
    _ key: PublicKey, _ request: Request, _ context: RequestContext, into actions: inout [HubAction]
  ) throws(RequestError) {
    var account = try ownAccount(request, context)
    guard account.opens(with: key) else { throw RequestError(.noSuchKey, .key) }
    guard account.keys.count > 1 else { throw RequestError(.lastKey, .key) }
    account.keys.removeAll { $0.key == key }
    propose(
      [.account(account)], request, context, effects: [.endSessions(account.member, loggedInWith: key)], into: &actions)
  }

  mutating func endSessions(of member: MemberID, loggedInWith key: PublicKey, into actions: inout [HubAction]) {
    for id in members[member]?.sessions ?? [] where sessions[id]?.presence?.key == key {
      let bye = ServerMessage.bye(.kicked, text: "The key that you logged in with was removed.")
      end(id, leaving: .kicked, closing: .kicked, farewell: bye, into: &actions)
    }
  }

  private func ownAccount(_ request: Request, _ context: RequestContext) throws(RequestError) -> Account {
    guard !context.isControl else { throw RequestError(.unknownCommand) }
    guard let account = account(of: context) else { throw RequestError(.noAccount, request.verb) }
    return account
  }

  private static func cleaned(_ label: String) -> String {
    var text = ""
    var bytes = 0
    for scalar in DisplayText.sanitize(label).unicodeScalars {
      bytes += UTF8.width(scalar)
      guard bytes <= maximumLabelBytes else { break }
      text.unicodeScalars.append(scalar)
    }
    return text
  }
}
