import ChatProtocol

// A login is proven by signing a challenge that belongs to this connection alone.

extension Hub {
  /// Failed proofs before the session is ended. Verifying one takes about 0.1 ms.
  private static let maximumFailedProofs = 5

  mutating func secure(_ id: SessionID) {
    sessions.update(id) {
      $0.isSecured = true
      $0.pin = settings.pin
    }
  }

  /// Whether the session can log in with a key. Without encryption an eavesdropper could take over the connection after
  /// its login; without a pin a server could relay the signature to another server.
  func offersKeys(to id: SessionID) -> Bool { sessions[id]?.pin != nil }

  mutating func noteFailedProof(of id: SessionID, _ turn: inout Turn) {
    sessions.update(id) { $0.failedProofs += 1 }
    guard let session = sessions[id], session.failedProofs >= Self.maximumFailedProofs else { return }
    end(id, leaving: .closed, closing: .unproven, &turn)
  }
}
