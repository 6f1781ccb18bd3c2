import ChatProtocol

/// Checks whether a server could use a database. Changes nothing.
struct PostgresCheck {
  private let url: PostgresURL

  init(_ url: PostgresURL) { self.url = url }

  func run() throws(LogError) {
    let connection = try PostgresConnection(url)
    try PostgresSchema.mustBeUnicode(connection, url)
    let state: PostgresSchema.State
    let lacking: String?
    do throws(PostgresError) {
      state = try PostgresSchema.look(at: connection)
      lacking = try missingRight(connection, state)
      if try connection.execute("SELECT pg_is_in_recovery()").first?.bool(0) == true {
        throw PostgresError(state: "25006", message: "it is in recovery")
      }
    } catch { throw LogError(error, "cannot use", url) }
    try PostgresSchema.check(state, url)
    if let lacking { throw LogError(.misconfigured, "cannot use \(url): \(lacking)") }
  }

  /// - Returns: what the user lacks, for the operator; nil if nothing.
  private func missingRight(
    _ connection: PostgresConnection, _ state: PostgresSchema.State
  ) throws(PostgresError) -> String? {
    let schema = PostgresSchema.name
    guard case .known(let version, let textRule) = state else {
      let allowed = try connection.execute(
        """
        SELECT CASE WHEN EXISTS (SELECT FROM pg_namespace WHERE nspname = '\(schema)')
          THEN has_schema_privilege('\(schema)', 'CREATE')
          ELSE has_database_privilege(current_database(), 'CREATE') END
        """
      ).first?.bool(0)
      return allowed == true ? nil : "the user may not create the schema \(schema); GRANT CREATE ON DATABASE to it"
    }
    let denied = try connection.execute(
      """
      SELECT c.relname::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = '\(schema)' AND c.relkind = 'r'
        AND NOT (has_table_privilege(c.oid, 'SELECT') AND has_table_privilege(c.oid, 'INSERT')
          AND has_table_privilege(c.oid, 'UPDATE') AND has_table_privilege(c.oid, 'DELETE')) LIMIT 1
      """
    ).first?.text(0)
    if let denied { return "the user may not read and change the table \(schema).\(denied)" }
    guard version < PostgresSchema.version || textRule < TextRule.version else { return nil }
    let owns = try connection.execute(
      "SELECT pg_has_role(relowner, 'USAGE') FROM pg_class WHERE oid = to_regclass('\(schema).log')"
    ).first?.bool(0)
    return owns == true ? nil : "the user does not own the tables, which this version must change"
  }
}
