import ChatProtocol
import ChatRecords

// The keys of an account. Any of them opens it; the owner adds and removes keys.

extension Hub {
  private static let maximumKeys = 16
  private static let maximumLabelBytes = 64
  private static let invalidKeyRequest =
    "The request was not signed by its key for this name and this server: make it anew, with swiftchat identity request."

  mutating func listKeys(_ turn: inout Turn) throws(RequestError) {
    let account = try ownAccount(turn)
    reply("keys", account.keys.map { .key($0) }, to: turn.caller.address, &turn)
  }

  mutating func addKey(_ wanted: KeyRequest, label: String, _ turn: inout Turn) throws(RequestError) {
    var account = try ownAccount(turn)
    let key = wanted.key
    guard let pin = settings.pin,
      key.signed(KeyRequest.statement(of: key, for: account.name, on: pin), with: wanted.proof)
    else { throw RequestError(.invalidProof, text: Self.invalidKeyRequest) }
    guard registry.account(with: key) == nil else { throw RequestError(.keyInUse) }
    guard account.keys.count < Self.maximumKeys else { throw RequestError(.tooManyKeys) }
    account.keys.append(AccountKey(key: key, added: wall, label: Self.cleaned(label)))
    propose([.account(account)], &turn)
  }

  mutating func removeKey(_ key: PublicKey, _ turn: inout Turn) throws(RequestError) {
    var account = try ownAccount(turn)
    guard account.opens(with: key) else { throw RequestError(.noSuchKey) }
    guard account.keys.count > 1 else { throw RequestError(.lastKey) }
    account.keys.removeAll { $0.key == key }
    propose([.account(account)], effects: [.endSessions(account.member, loggedInWith: key)], &turn)
  }

  mutating func endSessions(of member: MemberID, loggedInWith key: PublicKey, _ turn: inout Turn) {
    for id in members[member]?.sessions ?? [] where sessions[id]?.presence?.key == key {
      let bye = ServerMessage.bye(.kicked, text: "The key that you logged in with was removed.")
      end(id, leaving: .kicked, closing: .kicked, farewell: bye, &turn)
    }
  }

  private func ownAccount(_ turn: borrowing Turn) throws(RequestError) -> Account {
    guard !turn.caller.isControl else { throw RequestError(.unknownCommand) }
    guard let account = account(of: turn.caller) else { throw RequestError(.noAccount) }
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
