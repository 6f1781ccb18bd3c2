import ChatModel
import ChatProtocol
import ChatServer

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

  /// - Parameter place: the server's listening address. If it is a wildcard address, the line names the address of this
  ///   host that other hosts most likely reach.
  init(place: ServerPlace, pin: Pin?, invitation: String? = nil) throws(EndpointError) {
    let host = place.host ?? LocalAddress.reachable
    self.init(endpoint: try Endpoint(host: host, port: place.port), pin: pin, invitation: invitation)
  }

  var description: String {
    guard link.pin != nil || link.invitation != nil else { return "swiftchat connect \(link.endpoint)" }
    return "swiftchat connect \"\(link)\""
  }
}
