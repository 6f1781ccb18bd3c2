import ChatProtocol
import Platform

/// The server process of a connection.
struct PostgresBackend: Sendable {
  private let process: Int
  /// When it was started, in the database's words: process numbers are used again.
  private let start: String

  /// - Returns: nil if the server does not tell.
  init?(of connection: PostgresConnection) throws(PostgresError) {
    let row = try connection.execute(
      "SELECT pid::bigint, backend_start::text FROM pg_stat_activity WHERE pid = pg_backend_pid()"
    ).first
    guard let row else { return nil }
    (process, start) = (row.int(0), row.text(1))
  }

  private static let patience = Duration.seconds(3)

  /// Ends the process, which may still carry out what was sent to it before its connection was lost.
  ///
  /// With synchronous replication a process may be within a commit that waits for a standby. One that is terminated
  /// stops waiting, and shows everyone a change that no standby has. So it is only terminated while it waits for its
  /// client or for a lock; it ends by itself when the standby has answered.
  /// - Throws: `PostgresError` if it does not end.
  func end(over connection: PostgresConnection) throws(PostgresError) {
    let deadline = MonotonicTime.now() + Self.patience
    while true {
      let present = try connection.execute(
        """
        SELECT CASE WHEN current_setting('synchronous_standby_names') = '' OR wait_event_type IN ('Client', 'Lock')
          THEN pg_terminate_backend(pid) END
        FROM pg_stat_activity WHERE pid = $1 AND backend_start::text = $2
        """, [.int(process), .text(start)])
      guard present.count > 0 else { return }
      guard MonotonicTime.now() < deadline else {
        throw PostgresError(state: "55P03", message: "an earlier connection of this server does not end")
      }
      usleep(20_000)
    }
  }
}
