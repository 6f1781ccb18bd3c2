import ChatProtocol

// A login is proven by a signature of what this connection alone was asked to sign.

extension Hub {
  /// Each costs a tenth of a millisecond to see through.
  private static let maximumFailedProofs = 5

  mutating func secure(_ id: SessionID) {
    sessions[id]?.isSecured = true
    sessions[id]?.pin = settings.pin
  }

  /// Who listens in on a connection could take it over after its login; and without a pin a server could pass the
  /// signature on to another one.
  func offersKeys(to id: SessionID) -> Bool { sessions[id]?.pin != nil }

  /// - Parameter name: as it stands in the request, or in its token.
  /// - Returns: nil where the request is not meant to prove anything.
  func provenKey(
    as name: Nickname, _ request: Request, _ context: RequestContext
  ) throws(RequestError) -> PublicKey? {
    guard context.dialect.contains(.keys), let pin = sessions[context.session]?.pin,
      request.tags["key"] != nil || request.tags["proof"] != nil
    else { return nil }
    let statement = nonces.challenge(for: context.session).statement(to: pin, as: name)
    guard let key = request.tags.publicKey, let proof = request.tags.proof, key.signed(statement, with: proof) else {
      throw RequestError(.invalidProof, request.verb)
    }
    return key
  }

  mutating func noteFailedProof(of id: SessionID, into actions: inout [HubAction]) {
    sessions[id]?.failedProofs += 1
    guard let session = sessions[id], session.failedProofs >= Self.maximumFailedProofs else { return }
    end(id, leaving: .closed, closing: .unproven, into: &actions)
  }
}
