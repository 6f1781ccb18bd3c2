import NIOCore

/// Clients that send messages to each other.
struct MessageLoad {
  let clients: Int
  let senders: Int
  var recipient = BenchMessage.Recipient.room
  let options: MessageOptions

  /// Puts the load on a server for the time of the options, after a second of warm-up, and checks all deliveries.
  /// - Parameters:
  ///   - benchmark: the name of the benchmark.
  ///   - subject: describes servers and clients in the title of the table.
  /// - Throws: `Failure`.
  func measure(_ benchmark: String, _ subject: String, on server: MeasuredServer) throws -> MessageReport {
    let message = BenchMessage(textBytes: options.bytes, to: recipient)
    return try CrowdSession.use(
      on: server, size: clients, senders: senders, window: options.window, tagged: options.tagged, message: message
    ) { crowd in
      let memory = try crowd.logIn()
      let span = CrowdSpan(try crowd.talk(warmUp: .seconds(1), for: .nanoseconds(Int64(options.seconds * 1e9))))
      let (complaint, messages, latencies) = try crowd.check()
      return MessageReport(
        benchmark, subject, of: self, on: server, span, latency: Percentiles(latencies, unit: 1000),
        memory: memory, checkedMessages: messages, complaint: complaint)
    }
  }
}

/// The output of the benchmarks in which clients send messages.
struct MessageReport: BenchReport {
  let benchmark: String
  let servers: Int
  let clients: Int
  let senders: Int
  let window: Int
  let textBytes: Int
  let tagged: Int
  let isEncrypted: Bool
  let isOnDisk: Bool
  let seconds: Double
  /// A delivery is one message to one client.
  let deliveriesPerSecond: Double
  let messagesPerSecond: Double
  /// Of all servers together, without a database.
  let serverCPUSecondsPerMillionDeliveries: Double?
  let serverCPUSecondsPerMillionMessages: Double?
  /// Percentage of one core.
  let serverCPUPercent: Double?
  let generatorCPUPercent: Double?
  /// From sending a message to its delivery to the sender, or to the sender's partner.
  let latencyMicroseconds: Percentiles?
  let serverMemory: ServerMemory
  let serverMemoryBytesPerConnection: Int?
  let checkedMessages: Int
  let checkedDeliveries: Int
  let complaint: String?
  let passed: Bool
  private let title: String

  private enum CodingKeys: CodingKey {
    case benchmark, servers, clients, senders, window, textBytes, tagged, isEncrypted, isOnDisk, seconds
    case deliveriesPerSecond, messagesPerSecond
    case serverCPUSecondsPerMillionDeliveries, serverCPUSecondsPerMillionMessages, serverCPUPercent, generatorCPUPercent
    case latencyMicroseconds, serverMemory, serverMemoryBytesPerConnection
    case checkedMessages, checkedDeliveries, complaint, passed
  }

  init(
    _ benchmark: String, _ subject: String, of load: MessageLoad, on server: MeasuredServer, _ span: CrowdSpan,
    latency: Percentiles?, memory: ServerMemory, checkedMessages: Int, complaint: String?
  ) {
    self.benchmark = benchmark
    servers = server.places.count
    clients = load.clients
    senders = load.senders
    window = load.options.window
    textBytes = load.options.bytes
    tagged = load.options.tagged
    isEncrypted = server.isEncrypted
    isOnDisk = server.isOnDisk
    seconds = span.seconds
    deliveriesPerSecond = span.perSecond(span.deliveries)
    messagesPerSecond = span.perSecond(span.messages)
    serverCPUSecondsPerMillionDeliveries = span.serverCPUSeconds(perMillionOf: span.deliveries)
    serverCPUSecondsPerMillionMessages = span.serverCPUSeconds(perMillionOf: span.messages)
    serverCPUPercent = span.percent(span.serverCPUSeconds)
    generatorCPUPercent = span.percent(span.crowdCPUSeconds)
    latencyMicroseconds = latency
    serverMemory = memory
    serverMemoryBytesPerConnection = memory.bytesPerConnection
    self.checkedMessages = checkedMessages
    checkedDeliveries = load.recipient == .room ? checkedMessages * load.clients : checkedMessages
    self.complaint = complaint ?? (span.deliveries == 0 ? "nothing was delivered" : nil)
    passed = self.complaint == nil
    let dialect = tagged > 0 ? ", \(tagged.grouped) clients with tags" : ""
    title =
      "\(benchmark): \(subject), texts of \(textBytes) bytes\(dialect)\(isEncrypted ? ", over TLS" : "")"
      + "\(isOnDisk ? ", on the disk" : ""), \(seconds.digits(1)) s"
  }

  var table: Table {
    var table = Table(title)
    table.add("deliveries", "\((deliveriesPerSecond / 1e6).digits(2)) million/s")
    table.add("messages", "\(messagesPerSecond.digits())/s")
    table.add("server CPU", serverCPUSecondsPerMillionDeliveries.map { "\($0.digits(4)) s per million deliveries" })
    table.add("", serverCPUSecondsPerMillionMessages.map { "\($0.digits(2)) s per million messages" })
    table.add("", serverCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("generator CPU", generatorCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("latency", latencyMicroseconds?.text("µs", digits: 0))
    table.add(serverMemory)
    table.add(
      "checks", complaint ?? "\(checkedDeliveries.grouped) deliveries of \(checkedMessages.grouped) messages, in order")
    return table
  }
}

extension Table {
  mutating func add(_ memory: ServerMemory) {
    add("server memory", memory.beforeBytes.map { "\($0.bytesText) before the clients came" })
    add("", memory.connectedBytes.map { "\($0.bytesText) with \(memory.connections.grouped) connected" })
    add("", memory.bytesPerConnection.map { "\($0.grouped) bytes per connection" })
  }
}
