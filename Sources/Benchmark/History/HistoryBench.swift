import ArgumentParser
import CommandSupport
import NIOCore

/// `swiftchat bench history`
struct HistoryBench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "history",
    abstract: "Measure how fast clients catch up and read history.",
    discussion: """
      A client writes messages. Others, who have read none of them, read all, one page of 500 after the other, and then \
      pages of 100 at random places. Each page has to be complete. Its own server always stores messages on the disk.
      """
  )

  @Option(help: "How many messages.")
  var messages = 100_000

  @Option(help: "How many clients read at once.")
  var readers = 1

  @Option(help: "How long to read pages at random places.")
  var seconds = 3.0

  @OptionGroup var server: ServerOption
  @OptionGroup var format: ReportFormat

  func validate() throws {
    try CrowdLimits.check("--messages", messages, in: 1000...10_000_000)
    try CrowdLimits.check("--readers", readers, in: 1...10_000)
    try CrowdLimits.check(seconds: seconds)
  }

  func run() throws {
    ignoreBrokenPipes()
    try Leftovers.removed {
      let result = try HistoryCrowd.measure(
        try MeasuredServer(server, storesOnDisk: true), messages: messages, readers: readers,
        pagesFor: .nanoseconds(Int64(seconds * 1e9)))
      try format.show(HistoryReport(options: self, result))
    }
  }
}

/// The output of `bench history`.
struct HistoryReport: BenchReport {
  let benchmark = "history"
  let messages: Int
  let readers: Int
  let isEncrypted: Bool
  /// From the first request to the last message, of each reader.
  let catchUpMilliseconds: Percentiles?
  let messagesPerSecond: Double
  let serverCPUSecondsPerMillionMessages: Double?
  /// From the request for a page of 100 messages to its last line.
  let pageMilliseconds: Percentiles?
  let pagesPerSecond: Double
  let serverCPUMicrosecondsPerPage: Double?
  let complaint: String?
  let passed: Bool

  init(options: HistoryBench, _ result: HistoryCrowd.Outcome) {
    messages = options.messages
    readers = options.readers
    isEncrypted = options.server.tls
    catchUpMilliseconds = Percentiles(result.catchUps, unit: 1e6)
    let catchUp = CrowdSpan(result.catchUp)
    messagesPerSecond = catchUp.perSecond(catchUp.deliveries)
    serverCPUSecondsPerMillionMessages = catchUp.serverCPUSeconds(perMillionOf: catchUp.deliveries)
    pageMilliseconds = Percentiles(result.pages, unit: 1e6)
    let pages = CrowdSpan(result.paging)
    pagesPerSecond = pages.perSecond(result.pages.samples)
    // Seconds per million are microseconds.
    serverCPUMicrosecondsPerPage = pages.serverCPUSeconds(perMillionOf: result.pages.samples)
    complaint = result.pages.samples == 0 ? "no page was answered" : nil
    passed = complaint == nil
  }

  var table: Table {
    var table = Table(
      "history: \(messages.grouped) messages, \(readers.grouped) \(readers == 1 ? "reader" : "readers at once")"
        + (isEncrypted ? ", over TLS" : ""))
    table.add("catching up", catchUpMilliseconds.map { "\($0.text("ms", digits: 0)), max \($0.max.digits()) ms" })
    table.add("", "\(messagesPerSecond.digits()) messages/s")
    table.add(
      "server CPU", serverCPUSecondsPerMillionMessages.map { "\($0.digits(2)) s per million messages" })
    table.add("a page of 100", pageMilliseconds.map { "\($0.text("ms", digits: 2)), max \($0.max.digits(2)) ms" })
    table.add("", "\(pagesPerSecond.digits()) pages/s")
    table.add("server CPU", serverCPUMicrosecondsPerPage.map { "\($0.digits()) µs per page" })
    table.add("checks", complaint ?? "each reader read all messages, in their order; each page was complete")
    return table
  }
}
