import ChatClient
import ChatProtocol
import ChatServer

/// The command that somebody else types to join: with what the server is known by, so that even the first meeting is
/// with the right one, and with an invitation where they need one.
struct ShareLine: CustomStringConvertible {
  let link: ShareLink

  /// - Parameters:
  ///   - pin: nil: it is not encrypted.
  ///   - invitation: the code of `OK ADMIT`.
  init(endpoint: Endpoint, pin: Pin? = nil, invitation: String? = nil) {
    link = ShareLink(endpoint: endpoint, pin: pin, invitation: invitation)
  }

  /// - Parameter place: where the server listens; of all addresses, the one that others most likely reach.
  init(place: ServerPlace, pin: Pin?, invitation: String? = nil) throws(EndpointError) {
    let host = place.host ?? LocalAddress.reachable
    self.init(endpoint: try Endpoint(host: host, port: place.port), pin: pin, invitation: invitation)
  }

  var description: String {
    guard link.pin != nil || link.invitation != nil else { return "swiftchat connect \(link.endpoint)" }
    return "swiftchat connect \"\(link)\""
  }
}
