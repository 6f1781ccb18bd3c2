import ChatProtocol

/// A link for inviting users: the server's endpoint, optionally with its pin and an invitation code. Also reads a bare
/// endpoint.
///
///     swiftchat://HOST[:PORT][,HOST[:PORT]…][/][?pin=…][&invite=…]
public struct ShareLink: Hashable, Sendable {
  private static let scheme = "swiftchat://"
  /// Room for the most and longest hosts.
  private static let mostBytes = 8192

  public var endpoint: Endpoint
  public var pin: Pin?
  public var invitation: String?

  public init(endpoint: Endpoint, pin: Pin? = nil, invitation: String? = nil) {
    self.endpoint = endpoint
    self.pin = pin
    self.invitation = invitation
  }

  /// Reads a link or an endpoint. Unknown parameters are ignored.
  /// - Throws: the error, with a description for display.
  public init(_ text: String) throws(ShareLinkError) {
    guard text.utf8.count <= Self.mostBytes else { throw .tooLong }
    guard text.prefix(Self.scheme.count).lowercased() == Self.scheme else {
      self.init(endpoint: try Self.endpoint(text[...]))
      return
    }
    let rest = text.dropFirst(Self.scheme.count).prefix { $0 != "#" }
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let place = (parts.first ?? "").split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    if place.count > 1, !place[1].isEmpty { throw .path(String(place[1])) }
    self.init(endpoint: try Self.endpoint(place.first ?? "", isInLink: true))
    guard parts.count > 1 else { return }
    for parameter in parts[1].split(separator: "&") {
      let pair = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      try set(pair[0], to: pair.count > 1 ? pair[1] : "")
    }
  }

  private static func endpoint(_ text: Substring, isInLink: Bool = false) throws(ShareLinkError) -> Endpoint {
    do { return try Endpoint(String(text), isInLink: isInLink) } catch { throw .endpoint(error) }
  }

  private mutating func set(_ name: Substring, to value: Substring) throws(ShareLinkError) {
    switch name {
    case "pin":
      guard let pin = Pin(value) else { throw .pin(String(value)) }
      // Of two different pins, one must be wrong.
      guard self.pin == nil || self.pin == pin else { throw .pin(String(value)) }
      self.pin = pin
    case "invite":
      let isCode = (1...256).contains(value.utf8.count) && value.utf8.allSatisfy { (0x21...0x7e).contains($0) }
      guard isCode, invitation == nil || invitation == String(value) else { throw .invitation(String(value)) }
      invitation = String(value)
    default: break
    }
  }
}

extension ShareLink: CustomStringConvertible {
  /// The link as text.
  public var description: String {
    let parameters = [pin.map { "pin=\($0)" }, invitation.map { "invite=\($0)" }].compactMap { $0 }
    let place = endpoint.description.replacing("%", with: "%25")
    return "\(Self.scheme)\(place)/" + (parameters.isEmpty ? "" : "?" + parameters.joined(separator: "&"))
  }

  /// The command that another user types to join. Quotes protect the link from the shell.
  public var command: String {
    pin == nil && invitation == nil ? "swiftchat connect \(endpoint)" : "swiftchat connect \"\(self)\""
  }
}

/// The reason why a text is not a link.
public enum ShareLinkError: Error, Hashable, Sendable {
  case endpoint(EndpointError)
  case path(String)
  case pin(String)
  case invitation(String)
  case tooLong
}

extension ShareLinkError: CustomStringConvertible {
  /// For display; safe to show.
  public var description: String {
    switch self {
    case .endpoint(let error): error.description
    case .path(let path): "\"\(DisplayText.sanitize(path))\" has no place in a link. Write swiftchat://HOST:PORT/?pin=…"
    case .pin(let pin): "\"\(DisplayText.sanitize(pin))\" is not a pin, which has 43 letters, digits, - and _."
    case .invitation(let code): "\"\(DisplayText.sanitize(code))\" is not an invitation. Copy the whole link."
    case .tooLong: "The link is too long."
    }
  }
}
