/// The output of `bench fanout`.
struct FanoutReport: BenchReport {
  let benchmark = "fanout"
  let clients: Int
  let senders: Int
  let window: Int
  let textBytes: Int
  let tagged: Int
  let isEncrypted: Bool
  let isOnDisk: Bool
  let seconds: Double
  let deliveriesPerSecond: Double
  let messagesPerSecond: Double
  let serverCPUSecondsPerMillionDeliveries: Double?
  /// Percentage of one core.
  let serverCPUPercent: Double?
  let generatorCPUPercent: Double?
  let ownEchoMicroseconds: Percentiles?
  let serverMemory: ServerMemory
  let serverMemoryBytesPerConnection: Int?
  let checkedMessages: Int
  let checkedDeliveries: Int
  let complaint: String?
  let passed: Bool

  init(
    options: FanoutBench, between readings: (CrowdReading, CrowdReading), latency: Percentiles?, memory: ServerMemory,
    checkedMessages: Int, complaint: String?
  ) {
    clients = options.clients
    senders = options.senders
    window = options.talk.window
    textBytes = options.talk.bytes
    tagged = options.talk.tagged
    isEncrypted = options.server.tls
    isOnDisk = options.server.disk
    let span = CrowdSpan(readings)
    seconds = span.seconds
    deliveriesPerSecond = span.perSecond(span.deliveries)
    messagesPerSecond = span.perSecond(span.messages)
    serverCPUSecondsPerMillionDeliveries =
      span.deliveries > 0 ? span.serverCPUSeconds.map { $0 / Double(span.deliveries) * 1e6 } : nil
    serverCPUPercent = span.percent(span.serverCPUSeconds)
    generatorCPUPercent = span.percent(span.crowdCPUSeconds)
    ownEchoMicroseconds = latency
    serverMemory = memory
    serverMemoryBytesPerConnection = memory.bytesPerConnection
    self.checkedMessages = checkedMessages
    checkedDeliveries = checkedMessages * options.clients
    self.complaint = complaint ?? (span.deliveries == 0 ? "nothing was delivered" : nil)
    passed = self.complaint == nil
  }

  var table: Table {
    var table = Table(
      "fanout: \(clients.grouped) clients, \(senders) of them with \(window) messages under way each, "
        + "texts of \(textBytes) bytes, \(tagged > 0 ? "\(tagged.grouped) with tags, " : "")"
        + "\(isEncrypted ? "over TLS, " : "")\(isOnDisk ? "on the disk, " : "")\(seconds.digits(1)) s")
    table.add("deliveries", "\((deliveriesPerSecond / 1e6).digits(2)) million/s")
    table.add("messages", "\(messagesPerSecond.digits())/s")
    table.add(
      "server CPU", serverCPUSecondsPerMillionDeliveries.map { "\($0.digits(4)) s per million deliveries" })
    table.add("server CPU", serverCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("generator CPU", generatorCPUPercent.map { "\($0.digits()) % of a core" })
    table.add("own echo", ownEchoMicroseconds?.text("µs", digits: 0))
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
