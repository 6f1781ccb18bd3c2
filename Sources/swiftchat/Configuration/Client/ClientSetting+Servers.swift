import ChatModel
import ChatProtocol

// The servers with names of the user's own.

extension ClientSetting {
  static let servers: [AnySetting<Self>] = [
    AnySetting(serverAddress), AnySetting(serverPin), AnySetting(serverNickname), AnySetting(serverAutojoin),
  ]

  static let server = Row(
    "server", .server, example: "work",
    """
    The server to connect to if the command line names none: a name from [servers.…], or an address. Default: this \
    machine, which can then also host the chat.
    """)

  static let connect = Row(
    "connect", .servers, example: ["work", "home"], isLive: false,
    """
    The servers that the client connects to if the command line names none, at most 8: names from \
    [servers.…], or addresses. Default: the one of `server`.
    """)

  static let serverAddress = Row(
    "servers.*.address", .link, example: .example,
    """
    HOST, HOST:PORT, [IPV6]:PORT, or a link that `serve` printed. Several hosts of one chat, with commas in between: \
    "a.example.org,b.example.org". The client connects to one of them.
    """)

  static let serverPin = Row(
    "servers.*.pin", .pin, example: .example,
    "The pin of the server, so that even the first connection is verified. Default: the one that the client knows.")

  static let serverNickname = Row(
    "servers.*.name", .nickname, example: .example, "Your name there. Default: `name` above.")

  static let serverAutojoin = Row(
    "servers.*.autojoin", .rooms, example: ["#dev"], "Rooms to join after the first login of each run.")

  static let serversDescription = """
    A server with a name of your own, for `swiftchat connect work`, `/connect work`, and `--server work` of the commands \
    for scripts.
    """

  static func serverRefusal(_ label: String) -> String? {
    NamedServer.isLabel(label) ? nil : "is not a name for a server, which has 1 to 32 letters, digits, - and _"
  }

  /// The first contradiction among the servers.
  static func serverContradiction(in settings: ClientConfiguration) -> ConfigurationContradiction? {
    for label in settings.members(of: "servers") {
      guard let link = settings[serverAddress, in: label] else {
        return ConfigurationContradiction(
          text: "[servers.\(label)] has no address",
          lines: settings.firstLine(of: ["servers", label]).map { [$0] } ?? [])
      }
      guard let pin = settings[serverPin, in: label], let other = link.pin, pin != other else { continue }
      let lines = [
        settings.origin(of: serverAddress, in: label)?.line, settings.origin(of: serverPin, in: label)?.line,
      ]
      return ConfigurationContradiction(
        text: "the link and the pin of [servers.\(label)] name different pins", lines: lines.compactMap { $0 }.sorted())
    }
    return nil
  }
}

extension Configuration<ClientSetting> {
  /// The servers with names of the user's own, in the order of the file.
  var servers: [NamedServer] {
    members(of: "servers").compactMap { label in
      guard var link = self[ClientSetting.serverAddress, in: label] else { return nil }
      link.pin = self[ClientSetting.serverPin, in: label] ?? link.pin
      return NamedServer(
        label: label, link: link, nickname: self[ClientSetting.serverNickname, in: label],
        autojoin: (self[ClientSetting.serverAutojoin, in: label] ?? []).compactMap { RoomName($0) })
    }
  }
}
