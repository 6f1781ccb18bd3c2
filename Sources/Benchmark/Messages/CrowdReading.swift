import ChatProtocol
import NIOCore

/// The counters of a crowd at one moment.
struct CrowdReading: Sendable {
  let time: MonotonicTime
  let sent: Int
  let delivered: Int
  /// Usage of the server; nil if unknown.
  let server: ProcessUsage?
  /// Usage of this process, which runs the crowd.
  let crowd: ProcessUsage?
}

extension CrowdReading {
  init(members: [CrowdMember], usage: ProcessUsage?) {
    time = .now()
    sent = members.compactMap(\.source?.sentCount).reduce(0, +)
    delivered = members.map(\.received).reduce(0, +)
    server = usage
    crowd = .ofThisProcess
  }
}

extension EventLoop {
  /// Calls `read` after the delay, and again until it returns a reading: on a loaded machine nothing may happen within a
  /// short time. Call on the loop.
  func takeReading<Reading: Sendable>(
    after delay: TimeAmount, _ read: @escaping () throws -> Reading?
  ) -> EventLoopFuture<Reading> {
    let reading = assumeIsolated().scheduleTask(in: delay) { try read() }
    return reading.futureResult.assumeIsolated().flatMap { reading in
      if let reading { return self.makeSucceededFuture(reading) }
      return self.takeReading(after: .milliseconds(10), read)
    }.nonisolated()
  }
}
