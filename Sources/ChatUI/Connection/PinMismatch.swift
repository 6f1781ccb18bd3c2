import ChatModel
import ChatProtocol

/// A server whose pin differs from the known one.
struct PinMismatch: Hashable, Sendable {
  let endpoint: Endpoint
  let known: Pin
  /// Nil if the connection is not encrypted.
  let seen: Pin?
  /// Whether the known pin is from an earlier connection; false if it is only from a link.
  var wasMet = true

  /// The event, its possible causes, and the pins to compare.
  var explanation: String {
    guard wasMet else {
      return """
        \(endpoint.summary) is not the server in the link.
        link:   \(known)
        server: \(seen.map(\.text) ?? "not encrypted")
        The link may be old or belong to another server. Or another computer reads and changes your messages on the \
        way. Nothing was sent. Ask the person who gave you the link, but not through this chat.
        """
    }
    guard let seen else {
      return """
        \(endpoint.summary) is no longer encrypted.
        before: \(known)
        now:    not encrypted
        The host may have turned encryption off. Or another computer tries to read your messages on the way. Nothing \
        was sent. Ask the person who runs the server, but not through this chat.
        """
    }
    return """
      The key of \(endpoint.summary) has changed.
      before: \(known)
      now:    \(seen)
      The server may have been set up again. Or another computer reads and changes your messages on the way. Nothing \
      was sent. Compare the new key with the one after pin= in the line that `swiftchat serve` prints on the host.
      """
  }

  /// A short form of `explanation` for small screens.
  var brief: String {
    guard wasMet else { return "This is not the server in the link!" }
    return seen == nil ? "It is no longer encrypted!" : "The server's key has changed!"
  }

  /// The text for the status line.
  var standing: String {
    guard wasMet else { return "not the server in the link: /trust accepts it" }
    return seen == nil ? "no longer encrypted: /trust accepts it" : "the server's key has changed: /trust accepts it"
  }

  /// The answer that accepts the server, with its consequence.
  var consent: String { seen == nil ? "/trust: go on unencrypted" : "/trust: it is the right one" }
}
