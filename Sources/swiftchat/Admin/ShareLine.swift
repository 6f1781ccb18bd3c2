import ChatClient
import ChatProtocol

/// The command that somebody else types to join: with what the server is known by, so that even the first meeting is
/// with the right one, and with an invitation where they need one.
struct ShareLine: CustomStringConvertible {
  let endpoint: Endpoint
  /// Nil: it is not encrypted.
  var pin: Pin?
  /// The code of `OK ADMIT`.
  var invitation: String?

  var description: String {
    let parameters = [pin.map { "pin=\($0)" }, invitation.map { "invite=\($0)" }].compactMap { $0 }
    let query = parameters.isEmpty ? "" : "?\(parameters.joined(separator: "&"))"
    return "swiftchat connect \"swiftchat://\(endpoint)/\(query)\""
  }
}
