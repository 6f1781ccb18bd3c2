import ArgumentParser
import ChatProtocol
import CommandSupport

/// `swiftchat bench ping`
struct PingBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "ping",
    abstract: "Measure how soon one client is answered while others are busy.",
    discussion: """
      Many clients ask for lists or history again and again, write as much as the server accepts, or leave all at once. \
      Another client sends PING every two milliseconds, and its time until PONG is measured.
      """
  )

  @Option(help: "The load of the other clients: who, history, messages or leave.")
  var load = BusyLoad.who

  @Option(help: "How many other clients.")
  var clients = 1000

  @Option(help: "How many of them use the dialect with tags; for history, all of them.")
  var tagged = 0

  @Option(help: "How long to measure.")
  var seconds = 3.0

  @OptionGroup var server: ServerOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--clients", clients, in: 1...CrowdLimits.clients)
    try CrowdLimits.check("--tagged", tagged, in: 0...clients)
    try CrowdLimits.check(seconds: seconds)
  }

  /// Pages of history need tags.
  fileprivate var taggedClients: Int { load == .history ? clients : tagged }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed {
      let server = try MeasuredServer(server)
      let result = try BusyCrowd.measure(
        server, load, clients: clients, tagged: taggedClients, for: .nanoseconds(Int64(seconds * 1e9)))
      try format.show(PingReport(options: self, result))
    }
  }
}

/// The output of `bench ping`.
struct PingReport: BenchReport {
  let benchmark = "ping"
  let load: String
  let clients: Int
  let tagged: Int
  let isEncrypted: Bool
  let isOnDisk: Bool
  /// From sending `PING` to reading `PONG`.
  let pingMilliseconds: Percentiles?
  /// Answers to `PING`.
  let answered: Int
  /// Answered requests of the other clients: lists, pages, or groups of 100 messages; or clients that have left.
  let served: Int
  let servedPerSecond: Double
  let complaint: String?
  let passed: Bool

  init(options: PingBench, _ result: BusyCrowd.Outcome) {
    load = options.load.rawValue
    clients = options.clients
    tagged = options.taggedClients
    isEncrypted = options.server.tls
    isOnDisk = options.server.disk
    pingMilliseconds = Percentiles(result.pings.latencies, unit: 1e6)
    answered = result.pings.answered
    served = result.served
    servedPerSecond = result.seconds > 0 ? Double(result.served) / result.seconds : 0
    complaint =
      answered == 0 ? "no PING was answered" : served == 0 ? "no other client was served" : nil
    passed = complaint == nil
  }

  var table: Table {
    var table = Table("ping: \(clients.grouped) other clients, load \(load)\(isEncrypted ? ", over TLS" : "")")
    table.add("PING to PONG", pingMilliseconds.map { "\($0.text("ms", digits: 2)), max \($0.max.digits(2)) ms" })
    table.add("others", "\(served.grouped) served, \(servedPerSecond.digits())/s")
    let lists = load == BusyLoad.who.rawValue || load == BusyLoad.history.rawValue ? "; each list was complete" : ""
    table.add("checks", complaint ?? "\(answered.grouped) answers to PING\(lists)")
    return table
  }
}
