import ChatProtocol
import NIOCore

/// Limits the concurrent connections to the metrics. When the limit is reached, an idle connection is closed to make
/// room: the oldest from the address with the most idle connections, so that these cannot block requests. Lives on the
/// metrics' event loop.
final class MetricsConnections {
  private let count: Int
  /// In the order of their arrival.
  private var taken: [Connection] = []

  private struct Connection {
    let channel: any Channel
    let address: IPAddress?
    /// The request is complete, and its answer is not sent yet.
    var isAnswering = false
  }

  init(_ count: Int) { self.count = count }

  /// - Returns: whether there is room for the connection.
  func take(_ channel: any Channel) -> Bool {
    if taken.count >= count, !makeRoom() { return false }
    taken.append(Connection(channel: channel, address: channel.remoteAddress.flatMap { IPAddress($0) }))
    return true
  }

  func set(isAnswering: Bool, _ channel: any Channel) {
    if let index = taken.firstIndex(where: { $0.channel === channel }) { taken[index].isAnswering = isAnswering }
  }

  func giveBack(_ channel: any Channel) { taken.removeAll { $0.channel === channel } }

  private func makeRoom() -> Bool {
    var idle: [IPAddress?: Int] = [:]
    for seat in taken where !seat.isAnswering { idle[seat.address, default: 0] += 1 }
    let most = idle.values.max()
    guard let index = taken.firstIndex(where: { !$0.isAnswering && idle[$0.address] == most }) else { return false }
    taken.remove(at: index).channel.close(promise: nil)
    return true
  }
}

@available(*, unavailable)
extension MetricsConnections: Sendable {}
