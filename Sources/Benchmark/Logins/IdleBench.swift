import ArgumentParser
import CommandSupport
import NIOCore

/// `swiftchat bench idle`
struct IdleBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "idle",
    abstract: "Measure the cost of idle connections.",
    discussion: """
      All clients log in and stay silent. At the end each asks the server something, and has to get an answer. To watch \
      them for a minute or longer, start the server of --target with --idle-timeout 0.
      """
  )

  @Option(help: "How many clients.")
  var clients = 1000

  @Option(help: "How long to watch them.")
  var seconds = 3.0

  @OptionGroup var server: ServerOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--clients", clients, in: 1...CrowdLimits.clients)
    try CrowdLimits.check(seconds: seconds)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed { try format.show(try measure()) }
  }

  private func measure() throws -> IdleReport {
    let server = try MeasuredServer(server)
    return try CrowdSession.use(on: server, size: clients, senders: 0) { crowd in
      let memory = try crowd.logIn()
      let span = CrowdSpan(try crowd.stayIdle(for: .nanoseconds(Int64(seconds * 1e9))))
      let complaint = try crowd.check().complaint
      return IdleReport(
        clients: clients, isEncrypted: server.isEncrypted, seconds: span.seconds, serverMemory: memory,
        serverMemoryBytesPerConnection: memory.bytesPerConnection, serverCPUSeconds: span.serverCPUSeconds,
        serverCPUPercent: span.percent(span.serverCPUSeconds), complaint: complaint, passed: complaint == nil)
    }
  }
}

/// The output of `bench idle`.
struct IdleReport: BenchReport {
  let benchmark = "idle"
  let clients: Int
  let isEncrypted: Bool
  let seconds: Double
  let serverMemory: ServerMemory
  let serverMemoryBytesPerConnection: Int?
  let serverCPUSeconds: Double?
  /// Percentage of one core.
  let serverCPUPercent: Double?
  let complaint: String?
  let passed: Bool

  var table: Table {
    var table = Table("idle: \(clients.grouped) clients, \(isEncrypted ? "over TLS, " : "")\(seconds.digits(1)) s")
    table.add(serverMemory)
    table.add(
      "server CPU",
      serverCPUSeconds.map { "\(($0 * 1000).digits(1)) ms, \((serverCPUPercent ?? 0).digits(2)) % of a core" })
    table.add("checks", complaint ?? "all answered")
    return table
  }
}
