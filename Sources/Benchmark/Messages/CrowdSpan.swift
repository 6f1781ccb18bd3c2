import ChatProtocol

/// The differences between two readings.
struct CrowdSpan {
  let seconds: Double
  let messages: Int
  let deliveries: Int
  /// Nil if unknown.
  let serverCPUSeconds: Double?
  let crowdCPUSeconds: Double?

  init(_ readings: (CrowdReading, CrowdReading)) {
    let (first, second) = readings
    seconds = Double((second.time - first.time).nanoseconds) / 1e9
    messages = second.sent - first.sent
    deliveries = second.delivered - first.delivered
    serverCPUSeconds = Self.difference(first.server, second.server)
    crowdCPUSeconds = Self.difference(first.crowd, second.crowd)
  }

  /// Nil if unknown, or if there is nothing to divide by.
  func serverCPUSeconds(perMillionOf count: Int) -> Double? {
    count > 0 ? serverCPUSeconds.map { $0 / Double(count) * 1e6 } : nil
  }

  func perSecond(_ count: Int) -> Double { seconds > 0 ? Double(count) / seconds : 0 }

  /// CPU time as a percentage of one core.
  func percent(_ cpuSeconds: Double?) -> Double? { seconds > 0 ? cpuSeconds.map { $0 / seconds * 100 } : nil }

  private static func difference(_ first: ProcessUsage?, _ second: ProcessUsage?) -> Double? {
    guard let first, let second else { return nil }
    return second.cpuSeconds - first.cpuSeconds
  }
}
