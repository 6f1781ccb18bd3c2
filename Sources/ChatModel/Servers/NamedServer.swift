import ChatProtocol

/// A server to which the user has given a short name in the settings.
public struct NamedServer: Hashable, Sendable, Codable {
  /// The short name, `work`.
  public var label: String
  public var link: ShareLink
  /// The user's nickname there; nil for the usual one.
  public var nickname: Nickname?
  /// Rooms to join after the first login of each run.
  public var autojoin: [RoomName]

  public init(label: String, link: ShareLink, nickname: Nickname? = nil, autojoin: [RoomName] = []) {
    self.label = label
    self.link = link
    self.nickname = nickname
    self.autojoin = autojoin
  }

  private static let maximumLabelBytes = 32

  /// Whether the text can be a short name: ASCII letters, digits, `-` and `_`.
  public static func isLabel(_ text: String) -> Bool {
    (1...maximumLabelBytes).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: "-")
      && text.utf8.allSatisfy { byte in
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"):
          true
        default: false
        }
      }
  }
}

extension Sequence<NamedServer> {
  /// The server that the user means by a short name, an address or a link. The settings of a server also apply if it is
  /// named by its address.
  /// - Returns: the link, with the pin from the settings if it has none; and the server from the settings, nil if none
  ///   matches.
  public func resolve(_ text: String) throws(ShareLinkError) -> (link: ShareLink, server: NamedServer?) {
    if let server = first(where: { $0.label == text }) { return (server.link, server) }
    var link = try ShareLink(text)
    let server = at(link.endpoint)
    link.pin = link.pin ?? server?.link.pin
    return (link, server)
  }

  /// The first server at this address.
  public func at(_ endpoint: Endpoint) -> NamedServer? { first { $0.link.endpoint == endpoint } }
}
