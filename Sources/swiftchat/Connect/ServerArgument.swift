import ArgumentParser
import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport

/// The server that the user names on the command line: the argument of `connect`, and `--server` of the commands for
/// scripts. It is a name from the table `[servers.…]` of the client's settings, an address or a link.
enum ServerArgument {
  static let forms =
    "A name from the settings, HOST, HOST:PORT, [IPV6]:PORT, the hosts of one chat as HOST,HOST, or a link, swiftchat://HOST:PORT/?pin=…"
  static let standardServers =
    "`connect` or `server` in the settings; or localhost:4000, or the port of $SWIFTCHAT_PORT"
  static let standard = "`server` in the settings; or localhost:4000, or the port of $SWIFTCHAT_PORT"

  /// Checks the text without reading the settings: every name of a server is also a valid host.
  /// - Throws: `ValidationError` if the text names no server.
  static func check(_ text: String?) throws { if let text { _ = try link(text) } }

  /// Reads the names of servers from the settings file.
  /// - Parameters:
  ///   - text: nil for the default server.
  ///   - file: the settings file; nil for the usual one.
  /// - Throws: `ValidationError` if the text names no server; `ConfigurationError` if the settings of servers, or
  ///   `$SWIFTCHAT_PORT`, are invalid.
  static func resolve(_ text: String?, file: String? = nil) throws -> ServerChoice {
    let rows = ClientSetting.servers.map(\.name) + [ClientSetting.server.name, ClientSetting.name.name]
    let source = try ConfigurationSource<ClientSetting>(file: file, environment: environmentValue, only: Set(rows))
    return try resolve(text, in: try source.read())
  }

  /// - Parameters:
  ///   - text: nil for the default server.
  ///   - settings: the client's settings.
  static func resolve(_ text: String?, in settings: ClientConfiguration) throws -> ServerChoice {
    let nickname = settings[ClientSetting.name]
    guard let text = text ?? settings[ClientSetting.server] else {
      return ServerChoice(link: try local(), nickname: nickname, isDefault: true)
    }
    let found: (link: ShareLink, server: NamedServer?)
    do { found = try settings.servers.resolve(text) } catch { throw ValidationError(error.description) }
    return ServerChoice(link: found.link, nickname: found.server?.nickname ?? nickname)
  }

  /// The servers of `connect`, each address once.
  /// - Parameter texts: empty for the default servers.
  /// - Throws: as for one server; also `ValidationError` if there are too many.
  static func resolve(_ texts: [String], in settings: ClientConfiguration) throws -> [ServerChoice] {
    let texts = texts.isEmpty ? settings[ClientSetting.connect] ?? [] : texts
    var choices: [ServerChoice] = []
    for choice in try texts.isEmpty ? [resolve(nil, in: settings)] : texts.map({ try resolve($0, in: settings) })
    where !choices.contains(where: { $0.link.endpoint == choice.link.endpoint }) {
      choices.append(choice)
    }
    guard choices.count <= Interface.maximumServers else {
      throw ValidationError("at most \(Interface.maximumServers) servers can be open at the same time")
    }
    return choices
  }

  private static func link(_ text: String) throws -> ShareLink {
    do { return try ShareLink(text) } catch { throw ValidationError(error.description) }
  }

  /// The server on this machine.
  private static func local() throws -> ShareLink {
    let port = try PortOption.standardNumber()
    // Port 0 makes a server choose a port, so that the client cannot find it there.
    return ShareLink(endpoint: try Endpoint(host: "localhost", port: port == 0 ? PortOption.standard : port))
  }
}

/// A server, and the settings that apply to it.
struct ServerChoice: Equatable {
  var link: ShareLink
  /// The user's name there, according to the settings; nil if they name none.
  var nickname: Nickname?
  /// Whether neither the user nor the settings named a server.
  var isDefault = false
}
