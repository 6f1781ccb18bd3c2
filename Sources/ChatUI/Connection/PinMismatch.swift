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
        \(endpoint) is not the server that the link speaks of.
        link:   \(known)
        server: \(seen.map(\.text) ?? "not encrypted")
        Either the link is old or of another server, or somebody is in between who reads and changes what is written. \
        Nothing was sent. Ask whoever gave you the link, in another way than this one.
        """
    }
    guard let seen else {
      return """
        \(endpoint) was encrypted, and is not any more.
        before: \(known)
        now:    nothing
        Either the host turned encryption off, or somebody is in between who wants to read along. Nothing was sent. Ask \
        whoever runs the server, in another way than this one.
        """
    }
    return """
      \(endpoint) is not the server that it was.
      before: \(known)
      now:    \(seen)
      Either the host was set up anew, or somebody is in between who reads and changes what is written. Nothing was \
      sent. Compare what it is now with what stands behind pin= in the line that `swiftchat serve` prints on the host.
      """
  }

  /// A short form of `explanation` for small screens.
  var brief: String {
    guard wasMet else { return "This is not the server of the link!" }
    return seen == nil ? "It is not encrypted any more!" : "This is not the server that it was!"
  }

  /// The text for the status line.
  var standing: String {
    guard wasMet else { return "not the server of the link: /trust accepts it" }
    return seen == nil ? "not encrypted any more: /trust accepts it" : "not the server it was: /trust accepts it"
  }

  /// The answer that accepts the server, with its consequence.
  var consent: String { seen == nil ? "/trust: go on, and be read" : "/trust: it is the right one" }
}
