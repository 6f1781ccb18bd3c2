import ArgumentParser
import CommandSupport
import NIOCore

/// `swiftchat bench dm`
struct DirectBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dm",
    abstract: "Measure direct messages.",
    discussion: """
      The clients are in pairs, and both of a pair write to each other. It warms up for a second, and checks at the end \
      that each client has read all messages of its partner, in their order and unharmed.
      """
  )

  @Option(help: "How many pairs.")
  var pairs = 50

  @OptionGroup var talk: TalkOption
  @OptionGroup var server: ServerOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--pairs", pairs, in: 1...CrowdLimits.clients / 2)
    try talk.check(clients: 2 * pairs, textBytes: CrowdLimits.directTextBytes)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed { try format.show(try measure()) }
  }

  private func measure() throws -> DirectReport {
    let server = try MeasuredServer(server)
    return try CrowdSession.use(
      on: server, size: 2 * pairs, senders: 2 * pairs, window: talk.window, tagged: talk.tagged,
      message: BenchMessage(textBytes: talk.bytes, to: .partner)
    ) { crowd in
      _ = try crowd.logIn()
      let span = CrowdSpan(try crowd.talk(warmUp: .seconds(1), for: .nanoseconds(Int64(talk.seconds * 1e9))))
      let (complaint, messages, latencies) = try crowd.check()
      return DirectReport(
        options: self, span, delivery: Percentiles(nanoseconds: latencies, unit: 1000), checkedMessages: messages,
        complaint: complaint)
    }
  }
}

/// The output of `bench dm`.
struct DirectReport: BenchReport {
  let benchmark = "dm"
  let pairs: Int
  let window: Int
  let textBytes: Int
  let tagged: Int
  let isEncrypted: Bool
  let isOnDisk: Bool
  let seconds: Double
  let messagesPerSecond: Double
  let serverCPUSecondsPerMillionMessages: Double?
  /// Percentage of one core.
  let serverCPUPercent: Double?
  let generatorCPUPercent: Double?
  let deliveryMicroseconds: Percentiles?
  let checkedMessages: Int
  let complaint: String?
  let passed: Bool

  init(
    options: DirectBench, _ span: CrowdSpan, delivery: Percentiles?, checkedMessages: Int, complaint: String?
  ) {
    pairs = options.pairs
    window = options.talk.window
    textBytes = options.talk.bytes
    tagged = options.talk.tagged
    isEncrypted = options.server.tls
    isOnDisk = options.server.disk
    seconds = span.seconds
    messagesPerSecond = span.perSecond(span.deliveries)
    serverCPUSecondsPerMillionMessages =
      span.deliveries > 0 ? span.serverCPUSeconds.map { $0 / Double(span.deliveries) * 1e6 } : nil
    serverCPUPercent = span.percent(span.serverCPUSeconds)
    generatorCPUPercent = span.percent(span.crowdCPUSeconds)
    deliveryMicroseconds = delivery
    self.checkedMessages = checkedMessages
    self.complaint = complaint ?? (span.deliveries == 0 ? "nothing was delivered" : nil)
    passed = self.complaint == nil
  }

  var table: Table {
    var table = Table(
      "dm: \(pairs.grouped) pairs with \(window) messages under way in each direction, texts of \(textBytes) bytes, "
        + "\(tagged > 0 ? "\(tagged.grouped) clients with tags, " : "")"
        + "\(isEncrypted ? "over TLS, " : "")\(isOnDisk ? "on the disk, " : "")\(seconds.digits(1)) s")
    table.add("messages", "\(messagesPerSecond.digits())/s")
    table.add("server CPU", serverCPUSecondsPerMillionMessages.map { "\($0.digits(3)) s per million" })
    table.add("server CPU", serverCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("generator CPU", generatorCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("delivery", deliveryMicroseconds?.text("µs", digits: 0))
    table.add("checks", complaint ?? "\(checkedMessages.grouped) messages, in order")
    return table
  }
}
