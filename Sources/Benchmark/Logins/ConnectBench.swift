import ArgumentParser
import CommandSupport
import NIOCore

/// `swiftchat bench connect`
struct ConnectBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "connect",
    abstract: "Measure logins.",
    discussion: """
      Clients connect, log in and leave again, each under a name of its own. Every login has to succeed, and the server \
      has to close every connection. It warms up for a second.
      """
  )

  @Option(help: "How many clients at once.")
  var clients = 64

  @Option(help: "How long to measure.")
  var seconds = 3.0

  @OptionGroup var server: ServerOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--clients", clients, in: 1...10_000)
    try CrowdLimits.check(seconds: seconds)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed { try format.show(try measure()) }
  }

  private func measure() throws -> ConnectReport {
    let server = try MeasuredServer(server)
    let readings = try LoginCrowd.measure(
      server, atOnce: clients, warmUp: .seconds(1), for: .nanoseconds(Int64(seconds * 1e9)))
    return ConnectReport(options: self, readings)
  }
}

/// The output of `bench connect`.
struct ConnectReport: BenchReport {
  let benchmark = "connect"
  let clients: Int
  let isEncrypted: Bool
  let isOnDisk: Bool
  let seconds: Double
  let logins: Int
  let loginsPerSecond: Double
  let serverCPUMicrosecondsPerLogin: Double?
  /// Percentage of one core.
  let serverCPUPercent: Double?
  let generatorCPUPercent: Double?
  let passed = true

  /// A login that does not succeed ends the measurement instead.
  var complaint: String? { nil }

  init(options: ConnectBench, _ readings: (CrowdReading, CrowdReading)) {
    clients = options.clients
    isEncrypted = options.server.tls
    isOnDisk = options.server.disk
    let span = CrowdSpan(readings)
    seconds = span.seconds
    logins = span.deliveries
    loginsPerSecond = span.perSecond(span.deliveries)
    // Seconds per million are microseconds.
    serverCPUMicrosecondsPerLogin = span.serverCPUSeconds(perMillionOf: span.deliveries)
    serverCPUPercent = span.percent(span.serverCPUSeconds)
    generatorCPUPercent = span.percent(span.crowdCPUSeconds)
  }

  var table: Table {
    var table = Table(
      "connect: \(clients.grouped) clients at once, \(isEncrypted ? "over TLS, " : "")\(seconds.digits(1)) s")
    table.add("logins", "\(loginsPerSecond.digits())/s")
    table.add("server CPU", serverCPUMicrosecondsPerLogin.map { "\($0.digits(1)) µs per login" })
    table.add("server CPU", serverCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("generator CPU", generatorCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("checks", "\(logins.grouped) logins, none refused")
    return table
  }
}
