import ArgumentParser
import CommandSupport
import NIOCore

/// `swiftchat bench cluster`
struct ClusterBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "cluster",
    abstract: "Measure several servers on one PostgreSQL database.",
    discussion: """
      The clients are spread over all servers, and all are in one room. It warms up for a second, and checks at the end \
      that every client, on every server, has read all messages, in one order and unharmed. The messages stay in the \
      database: use one of their own.
      """
  )

  @Option(help: "The database, such as postgresql://user@host/database.")
  var store: String

  @Option(help: "How many servers.")
  var servers = 3

  @Option(help: "How many clients.")
  var clients = 24

  @Option(help: "How many of them talk.")
  var senders = 24

  @OptionGroup var talk: TalkOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--servers", servers, in: 1...100)
    try CrowdLimits.check("--clients", clients, in: 1...CrowdLimits.clients)
    try CrowdLimits.check("--senders", senders, in: 1...clients)
    try talk.check(clients: clients, textBytes: CrowdLimits.textBytes)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed { try format.show(try measure()) }
  }

  private func measure() throws -> ClusterReport {
    let server = try MeasuredServer(servers, onStore: store)
    return try CrowdSession.use(
      on: server, size: clients, senders: senders, window: talk.window, tagged: talk.tagged,
      message: BenchMessage(textBytes: talk.bytes)
    ) { crowd in
      _ = try crowd.logIn()
      let span = CrowdSpan(try crowd.talk(warmUp: .seconds(1), for: .nanoseconds(Int64(talk.seconds * 1e9))))
      let (complaint, messages, latencies) = try crowd.check()
      return ClusterReport(
        options: self, span, latency: Percentiles(nanoseconds: latencies, unit: 1e6), checkedMessages: messages,
        complaint: complaint)
    }
  }
}

/// The output of `bench cluster`.
struct ClusterReport: BenchReport {
  let benchmark = "cluster"
  let servers: Int
  let clients: Int
  let senders: Int
  let window: Int
  let textBytes: Int
  let seconds: Double
  let messagesPerSecond: Double
  /// Of all servers together, without the database.
  let serverCPUSecondsPerMillionMessages: Double?
  let ownEchoMilliseconds: Percentiles?
  let checkedMessages: Int
  let complaint: String?
  let passed: Bool

  init(options: ClusterBench, _ span: CrowdSpan, latency: Percentiles?, checkedMessages: Int, complaint: String?) {
    servers = options.servers
    clients = options.clients
    senders = options.senders
    window = options.talk.window
    textBytes = options.talk.bytes
    seconds = span.seconds
    messagesPerSecond = span.perSecond(span.messages)
    serverCPUSecondsPerMillionMessages =
      span.messages > 0 ? span.serverCPUSeconds.map { $0 / Double(span.messages) * 1e6 } : nil
    ownEchoMilliseconds = latency
    self.checkedMessages = checkedMessages
    self.complaint = complaint ?? (span.deliveries == 0 ? "nothing was delivered" : nil)
    passed = self.complaint == nil
  }

  var table: Table {
    var table = Table(
      "cluster: \(servers.grouped) servers, \(clients.grouped) clients, \(senders.grouped) of them with \(window) messages "
        + "under way each, texts of \(textBytes) bytes, \(seconds.digits(1)) s")
    table.add("messages", "\(messagesPerSecond.digits())/s")
    table.add(
      "server CPU",
      serverCPUSecondsPerMillionMessages.map { "\($0.digits(1)) s per million, without the database" })
    table.add("own echo", ownEchoMilliseconds?.text("ms", digits: 1))
    let checked = "\(checkedMessages.grouped) messages for \(clients.grouped) clients, in one order everywhere"
    table.add("checks", complaint ?? checked)
    return table
  }
}
