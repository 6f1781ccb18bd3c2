import ChatClient
import ChatProtocol

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

  /// - Parameter given: where the server was told to listen; nil, or all addresses: the one that others most likely
  ///   reach.
  init(host given: String?, port: Int, pin: Pin?) throws(EndpointError) {
    let host = given.flatMap { Self.isAnywhere($0) ? nil : $0 } ?? LocalAddress.reachable
    self.init(endpoint: try Endpoint(host: host, port: port), pin: pin)
  }

  var description: String {
    guard link.pin != nil || link.invitation != nil else { return "swiftchat connect \(link.endpoint)" }
    return "swiftchat connect \"\(link)\""
  }

  /// Whether it is `0.0.0.0` or `::`.
  private static func isAnywhere(_ host: String) -> Bool {
    IPAddress(host)?.bytes.allSatisfy { $0 == 0 } ?? host.isEmpty
  }
}
