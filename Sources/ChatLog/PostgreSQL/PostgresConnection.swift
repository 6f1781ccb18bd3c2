import CPostgres
import ChatProtocol
import Platform

/// A connection to PostgreSQL, through libpq. All methods block, with a time limit: a server that stops answering ends
/// the connection.
///
/// Use by one thread at a time.
final class PostgresConnection {
  private(set) var pointer: OpaquePointer
  /// Names of the statements that this connection has prepared.
  private var prepared: [String: String] = [:]
  /// Whether the connection is of no use any more.
  private(set) var isLost = false
  private var isInTransaction = false
  let unsentCancels = UnsentCancels()
  /// Runs the closure that sends a cancel request. Tests decide when.
  var sendCancel: (@escaping @Sendable () -> Void) -> Void = PostgresConnection.sendOnOtherThread

  /// The server ends a statement after 5 seconds.
  static let statementTimeout = 5000
  /// The time in which the server must have answered; after it, the connection counts as lost.
  static let patience = Duration.milliseconds(statementTimeout + 1500)
  /// The same for the next statements: a migration, an import and a first reading take longer.
  var answerPatience = PostgresConnection.patience

  /// Connects, as libpq does with this URL and the environment; but of several hosts, one that does not answer only costs
  /// the time limit.
  /// - Throws: `LogError` with a text for the operator, about the last host.
  init(_ url: PostgresURL) throws(LogError) {
    try PostgresLibrary.load()
    guard !url.hasUnencodedPassword else {
      throw LogError(
        .misconfigured,
        "\(url) has more than one @, or one behind a /: in user, password and name of the database, write special "
          + "characters as %XX, such as %40 for @ and %2F for /")
    }
    guard cpq_is_valid(url.secretText) != 0 else {
      throw LogError(
        .misconfigured,
        "\(url) is not an address that PostgreSQL's library understands; it has the form "
          + "postgresql://user@host:port/database?parameter=value, with special characters as %XX")
    }
    var hosts = PostgresHost.list(in: url)[...]
    let noMemory = LogError(.other, "cannot connect to \(url): no memory is left")
    guard let first = Self.start(url, hosts.popFirst()) else { throw noMemory }
    pointer = first
    while true {
      do throws(PostgresError) {
        try connect()
        try prepareSession()
        break
      } catch {
        guard error.mayDifferOnOtherHost, let host = hosts.popFirst() else {
          throw LogError(error, "cannot connect to", url)
        }
        guard let next = Self.start(url, host) else { throw noMemory }
        cpq_finish(pointer)
        pointer = next
        isLost = false
      }
    }
    let version = cpq_server_version(pointer)
    guard version >= Self.oldestVersion else {
      throw LogError(
        .misconfigured,
        "\(url) is PostgreSQL \(version / 10000), and swiftchat needs \(Self.oldestVersion / 10000) or later")
    }
  }

  deinit { cpq_finish(pointer) }

  private static let oldestVersion: Int32 = 130_000

  // MARK: Connecting

  private static let connectPatience = Duration.seconds(4)

  /// - Parameter host: the one to connect to; nil for the hosts of the URL as libpq treats them.
  private static func start(_ url: PostgresURL, _ host: PostgresHost?) -> OpaquePointer? {
    // Those before `dbname` are defaults that the URL overrides; later ones override the URL.
    let options =
      [
        ("fallback_application_name", "swiftchat"), ("keepalives_idle", "5"), ("keepalives_interval", "2"),
        ("keepalives_count", "3"), ("tcp_user_timeout", "4000"), ("dbname", url.secretText),
        ("client_encoding", "UTF8"),
      ] + (host?.options ?? [])
    var keywords = options.map { strdup($0.0).map { UnsafePointer<CChar>($0) } }
    var values = options.map { strdup($0.1).map { UnsafePointer<CChar>($0) } }
    defer { for text in keywords + values { free(UnsafeMutableRawPointer(mutating: text)) } }
    keywords.append(nil)
    values.append(nil)
    return cpq_start_connecting(keywords, values)
  }

  private func connect() throws(PostgresError) {
    let deadline = MonotonicTime.now() + Self.connectPatience
    var need = CPQ_POLLING_WRITING
    while need != CPQ_POLLING_OK {
      if Int(cpq_socket(pointer)) < 0 || need == CPQ_POLLING_FAILED { throw connectionFailure() }
      let events = need == CPQ_POLLING_READING ? Int16(POLLIN) : Int16(POLLOUT)
      guard poll(events, until: deadline) else {
        isLost = true
        throw PostgresError.lost("the server does not answer", isInDoubt: false)
      }
      need = Int(cpq_continue_connecting(pointer))
    }
    cpq_silence(pointer)
    guard cpq_set_nonblocking(pointer) != 0 else { throw connectionFailure() }
  }

  private func connectionFailure() -> PostgresError {
    isLost = true
    var error = PostgresError(connecting: String(cString: cpq_error_message(pointer)))
    if cpq_needs_password(pointer) != 0 { error.state = "28P01" }
    return error
  }

  private func prepareSession() throws(PostgresError) {
    // Confirmed messages must be on disk. A lock that a stalled client holds must not hold up the others for long. The
    // text rule is for the triggers of the schema.
    try run(
      """
      SET search_path = \(PostgresSchema.name), pg_catalog; SET jit = off;
      SET statement_timeout = \(Self.statementTimeout); SET lock_timeout = 4000;
      SET idle_in_transaction_session_timeout = 4000; SET default_transaction_isolation = 'read committed';
      SET synchronous_commit = on; SET \(PostgresSchema.name).text_rule = \(TextRule.version)
      """)
  }

  /// A parameter that the server reported; nil if it is unknown.
  func parameter(_ name: String) -> String? { cpq_parameter(pointer, name).map { String(cString: $0) } }

  // MARK: Statements

  /// Runs statements without parameters and results.
  /// - Parameter patience: nil for `answerPatience`.
  func run(_ sql: String, within patience: Duration? = nil) throws(PostgresError) {
    try mustBeAlive()
    guard cpq_send_query(pointer, sql) != 0 else { throw failureToSend() }
    _ = try result(within: patience ?? answerPatience) { false }
  }

  /// Runs one statement.
  /// - Parameters:
  ///   - sql: a statement of which the connection keeps the plan; each text is prepared once.
  ///   - mustStop: called every few hundredths of a second while the statement runs; then it is cancelled.
  @discardableResult
  func execute(
    _ sql: String, _ parameters: [PostgresParameter] = [], until mustStop: () -> Bool = { false }
  ) throws(PostgresError) -> PostgresRows {
    try mustBeAlive()
    let name = try prepare(sql, parameters)
    return try send(parameters, until: mustStop) { values, lengths, formats in
      cpq_send_query_prepared(pointer, name, Int32(parameters.count), values, lengths, formats, 1)
    }
  }

  /// Runs one statement whose plan depends on its parameters, and is therefore made anew.
  func executeOnce(
    _ sql: String, _ parameters: [PostgresParameter] = [], until mustStop: () -> Bool = { false }
  ) throws(PostgresError) -> PostgresRows {
    try mustBeAlive()
    return try send(parameters, until: mustStop) { values, lengths, formats in
      cpq_send_query_params(
        pointer, sql, Int32(parameters.count), parameters.map(\.type.rawValue), values, lengths, formats, 1)
    }
  }

  private func prepare(_ sql: String, _ parameters: [PostgresParameter]) throws(PostgresError) -> String {
    if let name = prepared[sql] { return name }
    let name = "s\(prepared.count)"
    guard cpq_send_prepare(pointer, name, sql, Int32(parameters.count), parameters.map(\.type.rawValue)) != 0 else {
      throw failureToSend()
    }
    do throws(PostgresError) { _ = try result(within: answerPatience) { false } } catch {
      // Preparing changes nothing.
      throw PostgresError(
        state: error.state, message: error.message, constraint: error.constraint, isLost: error.isLost)
    }
    prepared[sql] = name
    return name
  }

  private typealias Send = (
    UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?
  ) -> Int32

  private func send(
    _ parameters: [PostgresParameter], until mustStop: () -> Bool, _ send: Send
  ) throws(PostgresError) -> PostgresRows {
    // One buffer that holds all parameters, so that their addresses are valid together.
    var buffer: [UInt8] = []
    buffer.reserveCapacity(parameters.reduce(1) { $0 + ($1.bytes?.count ?? 0) })
    var offsets: [Int?] = []
    for parameter in parameters {
      offsets.append(parameter.bytes == nil ? nil : buffer.count)
      buffer += parameter.bytes ?? []
    }
    // The address of an empty value at the end must not be that of no value.
    buffer.append(0)
    let lengths = parameters.map { Int32(clamping: $0.bytes?.count ?? 0) }
    let formats = [Int32](repeating: 1, count: parameters.count)
    let wasSent = buffer.withUnsafeBytes { bytes in
      let values = offsets.map { offset in
        offset.flatMap { bytes.baseAddress?.advanced(by: $0).assumingMemoryBound(to: CChar.self) }
      }
      return send(values, lengths, formats) != 0
    }
    guard wasSent else { throw failureToSend() }
    return try result(within: answerPatience, until: mustStop)
  }

  private func failureToSend() -> PostgresError {
    isLost = true
    return PostgresError(connecting: String(cString: cpq_error_message(pointer)))
  }

  /// Waits until a notification has arrived since the last call, or until the time is over.
  func waitForNotice(for duration: Duration) throws(PostgresError) {
    let deadline = MonotonicTime.now() + duration
    while true {
      try mustBeAlive()
      guard cpq_take_notices(pointer) == 0, poll(Int16(POLLIN), until: deadline) else { return }
      guard cpq_consume_input(pointer) != 0 else { throw lost() }
    }
  }

  // MARK: Transactions

  /// Runs the body in a transaction.
  @discardableResult
  func transaction<Value>(
    _ begin: String = "BEGIN", _ body: () throws(PostgresError) -> Value
  ) throws(PostgresError) -> Value {
    isInTransaction = true
    let value: Value
    do throws(PostgresError) {
      try run(begin)
      value = try body()
    } catch {
      isInTransaction = false
      rollBack()
      throw error
    }
    // From here on the outcome is unknown until the answer comes.
    isInTransaction = false
    try run("COMMIT")
    return value
  }

  private func rollBack() {
    guard !isLost else { return }
    do throws(PostgresError) { try run("ROLLBACK") } catch { isLost = true }
  }

  // MARK: Receiving

  /// A connection that the server has closed meanwhile is noticed before anything is sent over it.
  private func mustBeAlive() throws(PostgresError) {
    guard !isLost else { throw PostgresError.lost("the connection is lost", isInDoubt: false) }
    // An error message, if the server has ended the session, and then the end of the stream.
    while poll(Int16(POLLIN), until: .now()) {
      if cpq_consume_input(pointer) == 0 || cpq_is_ok(pointer) == 0 { throw failureToSend() }
    }
  }

  /// Sends what is left, and receives all results.
  private func result(
    within patience: Duration, until mustStop: () -> Bool
  ) throws(PostgresError) -> PostgresRows {
    let deadline = MonotonicTime.now() + patience
    var isCancelled = false
    var failure: PostgresError?
    var rows: PostgresRows?
    while true {
      try receive(until: deadline, isCancelled: &isCancelled, mustStop)
      guard let result = cpq_get_result(pointer) else { break }
      switch Int(cpq_result_status(result)) {
      case CPQ_TUPLES_OK, CPQ_COMMAND_OK, CPQ_EMPTY_QUERY: rows = PostgresRows(result)
      default:
        failure = failure ?? self.failure(result)
        cpq_clear(result)
      }
    }
    if var failure {
      // A server that ends the connection says why first.
      if !isLost, cpq_is_ok(pointer) == 0 { isLost = true }
      // The server has ended the session, whether or not the end of the stream has arrived.
      if PostgresError.State.ends(failure.state) { isLost = true }
      failure.isInDoubt = isLost && !isInTransaction
      // This connection leads to a standby; the next one may lead to the primary.
      if failure.state == PostgresError.State.readOnly { isLost = true }
      failure.isLost = isLost
      throw failure
    }
    guard let rows else { throw lost() }
    return rows
  }

  private func failure(_ result: OpaquePointer) -> PostgresError {
    func field(_ number: Int) -> String {
      cpq_error_field(result, Int32(number)).map { String(cString: $0) } ?? ""
    }
    let state = field(CPQ_FIELD_SQLSTATE)
    // Without a state it is libpq's, which has lost the connection.
    guard !state.isEmpty else { return lost() }
    return PostgresError(
      state: state, message: field(CPQ_FIELD_MESSAGE), constraint: field(CPQ_FIELD_CONSTRAINT))
  }

  /// Waits until a result is complete.
  private func receive(
    until deadline: MonotonicTime, isCancelled: inout Bool, _ mustStop: () -> Bool
  ) throws(PostgresError) {
    while true {
      let unsent = cpq_flush(pointer)
      if unsent < 0 { throw lost() }
      if unsent == 0, cpq_is_busy(pointer) == 0 { return }
      let pause = min(deadline, .now() + Self.stopInterval)
      if poll(Int16(POLLIN) | (unsent > 0 ? Int16(POLLOUT) : 0), until: pause) {
        guard cpq_consume_input(pointer) != 0 else { throw lost() }
      } else if MonotonicTime.now() >= deadline {
        isLost = true
        throw PostgresError.lost("the server does not answer", isInDoubt: !isInTransaction)
      } else if !isCancelled, mustStop() {
        isCancelled = true
        cancel()
      }
    }
  }

  /// Time between two questions whether to stop.
  private static let stopInterval = Duration.milliseconds(50)

  private func lost() -> PostgresError {
    isLost = true
    var error = PostgresError(connecting: String(cString: cpq_error_message(pointer)))
    error.isInDoubt = !isInTransaction
    return error
  }

  /// - Returns: whether the socket is ready; false at the deadline.
  private func poll(_ events: Int16, until deadline: MonotonicTime) -> Bool {
    while true {
      var descriptor = pollfd(fd: cpq_socket(pointer), events: events, revents: 0)
      let rest = max((deadline - .now()).nanoseconds, 0)
      let milliseconds = Int32(clamping: (rest + 999_999) / 1_000_000)
      let ready = Platform.poll(&descriptor, 1, milliseconds)
      if ready > 0 { return true }
      guard ready < 0, errno == EINTR else { return false }
    }
  }
}

@available(*, unavailable)
extension PostgresConnection: Sendable {}
