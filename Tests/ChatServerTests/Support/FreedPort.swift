import ChatServer
import TestSupport

/// Listens on a port that was just closed. While another thread starts a program, that program has a copy of the
/// closed listening socket for a moment, and the port is in use.
func onFreedPort<Result>(_ listen: () async throws -> Result) async throws -> Result {
  let result = try await Patience.answer { () async throws -> Result? in
    do { return try await listen() } catch let error as ListenError where error.isInUse { return nil }
  }
  if let result { return result }
  return try await listen()
}
