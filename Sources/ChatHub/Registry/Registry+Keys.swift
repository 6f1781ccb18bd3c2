import ChatProtocol
import ChatRecords

// The keys of an account. Any of them opens it; the owner adds and removes keys.

extension Registry {
  private static let maximumKeys = 16
  private static let maximumLabelBytes = 64
  private static let invalidKeyRequest =
    "The request was not signed by its key for this name and this server: make it anew, with swiftchat identity request."

  /// - Parameter pin: the server's pin, which the request must name.
  func addKey(
    _ wanted: KeyRequest, label: String, on pin: Pin?, _ turn: borrowing Turn
  ) throws(RequestError) -> Proposal {
    var account = try requireAccount(turn.caller)
    let key = wanted.key
    guard let pin, key.signed(KeyRequest.statement(of: key, for: account.name, on: pin), with: wanted.proof) else {
      throw RequestError(.invalidProof, text: Self.invalidKeyRequest)
    }
    guard self.account(with: key) == nil else { throw RequestError(.keyInUse) }
    guard account.keys.count < Self.maximumKeys else { throw RequestError(.tooManyKeys) }
    account.keys.append(AccountKey(key: key, added: turn.wall, label: Self.cleaned(label)))
    return Proposal(changes: [.account(account)])
  }

  func removeKey(_ key: PublicKey, _ caller: Caller) throws(RequestError) -> Proposal {
    var account = try requireAccount(caller)
    guard account.opens(with: key) else { throw RequestError(.noSuchKey) }
    guard account.keys.count > 1 else { throw RequestError(.lastKey) }
    account.keys.removeAll { $0.key == key }
    return Proposal(changes: [.account(account)], effects: [.endSessions(account.member, loggedInWith: key)])
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
