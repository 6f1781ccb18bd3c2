import ChatProtocol

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
    sent = members.compactMap(\.speech?.spoken).reduce(0, +)
    delivered = members.map(\.received).reduce(0, +)
    server = usage
    crowd = .ofThisProcess
  }
}
