import ChatProtocol

/// Where a crowd stands at one moment.
struct CrowdReading: Sendable {
  let time: MonotonicTime
  let sent: Int
  let delivered: Int
  /// Of the server; nil where it is not known.
  let server: ProcessUsage?
  /// Of this process, which is the crowd.
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
