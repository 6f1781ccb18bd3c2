import ChatModel
import ChatProtocol
import ChatServer
import Platform

/// The command that another user types to join. It contains the server's pin, so that even the first connection is
/// verified, and an invitation code if one is needed.
struct ShareLine: CustomStringConvertible {
  let link: ShareLink

  /// - Parameters:
  ///   - pin: nil if the server does not encrypt.
  ///   - invitation: the code of `OK ADMIT`.
  init(endpoint: Endpoint, pin: Pin? = nil, invitation: String? = nil) {
    link = ShareLink(endpoint: endpoint, pin: pin, invitation: invitation)
  }

  init(place: ServerPlace, pin: Pin?) throws(EndpointError) {
    self.init(endpoint: try Endpoint(place), pin: pin)
  }

  var description: String { link.command }
}

extension Endpoint {
  /// All hosts of the place. Where the server listens on all addresses of this machine, the endpoint has the one that
  /// other hosts most likely reach.
  init(_ place: ServerPlace) throws(EndpointError) {
    let hosts = place.hosts.map { hostAndPort($0.name ?? LocalAddress.reachable, $0.port) }
    try self.init(hosts.joined(separator: ","))
  }
}
