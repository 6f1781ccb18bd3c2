import Synchronization

/// Connections for reading, each used by one thread at a time. Callers limit how many read at once.
final class PostgresReaders: Sendable {
  private let url: PostgresURL
  private let idle = Mutex(Idle())

  /// Not used by two threads at once: a connection leaves the list while it is used.
  private struct Idle: @unchecked Sendable {
    var connections: [PostgresConnection] = []
  }

  /// Connections kept open.
  private static let capacity = 4

  init(_ url: PostgresURL) { self.url = url }

  /// Runs the body, once more over a new connection if an idle one has been lost meanwhile.
  func read<Value>(
    _ attempt: String, _ body: (PostgresConnection) throws(PostgresError) -> Value
  ) throws(LogError) -> Value {
    if let connection = take() {
      do throws(PostgresError) {
        return try use(connection, body)
      } catch {
        guard error.isLost else { throw LogError(error, attempt, url) }
      }
    }
    let connection = try PostgresConnection(url)
    do throws(PostgresError) { return try use(connection, body) } catch { throw LogError(error, attempt, url) }
  }

  private func use<Value>(
    _ connection: PostgresConnection, _ body: (PostgresConnection) throws(PostgresError) -> Value
  ) throws(PostgresError) -> Value {
    defer { give(connection) }
    return try body(connection)
  }

  private func take() -> PostgresConnection? {
    let taken = idle.withLock { idle in Idle(connections: idle.connections.popLast().map { [$0] } ?? []) }
    return taken.connections.first
  }

  /// Keeps the connection, unless a cancel request is on its way that could hit the next read.
  private func give(_ connection: PostgresConnection) {
    guard !connection.isLost, connection.unsentCancels.isEmpty else { return }
    let given = Idle(connections: [connection])
    idle.withLock { idle in
      if idle.connections.count < Self.capacity { idle.connections += given.connections }
    }
  }
}
