import NIOCore

/// The server's state at one moment.
struct MetricsSnapshot: Sendable {
  var plainConnections = 0
  var encryptedConnections = 0
  var people = 0
  var rooms = 0
  var lagging = 0
  /// Bytes queued for clients.
  var queued = 0
  var logins = 0
  var bytesSent = 0
  var refusals: [String: Int] = [:]
  var log = LogMetrics()
  /// The part in a shared log; nil without one.
  var node: NodeMetrics?
  /// Why messages cannot be stored; nil if no problem is known.
  var storageTrouble: String?
}

/// The part of a node in a shared log.
struct NodeMetrics: Sendable {
  /// Time since the lease was renewed.
  var leaseAge: Duration
  /// The number of places that the feed is ahead.
  var lag: Int
  var outages: Int
}

extension HubDriver {
  /// Why messages cannot be stored; nil if no problem is known.
  var storageTrouble: String? { isBetweenHubs ? "declared dead by the other servers; starting again" : log.trouble }

  /// Takes time proportional to the number of connections: call it only occasionally.
  func snapshot() -> MetricsSnapshot {
    var snapshot = MetricsSnapshot()
    for connection in connections.values {
      if connection.isEncrypted { snapshot.encryptedConnections += 1 } else { snapshot.plainConnections += 1 }
      if connection.isLagging { snapshot.lagging += 1 }
      if let channel = connection.context?.channel { snapshot.queued &+= connection.unsent(channel) }
    }
    snapshot.people = hub.peopleCount
    snapshot.rooms = hub.roomCount
    snapshot.logins = metrics.logins
    snapshot.bytesSent = metrics.bytesSent
    snapshot.refusals = metrics.refusals
    snapshot.log = log.metrics
    snapshot.node = log.feed.map { feed in
      NodeMetrics(leaseAge: feed.silence(at: .now()), lag: feed.lag, outages: feed.outages)
    }
    snapshot.storageTrouble = storageTrouble
    return snapshot
  }
}
