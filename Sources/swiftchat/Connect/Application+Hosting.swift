import ChatModel
import ChatServer
import ChatUI
import Logging
import Platform

// Hosting the chat in this process.

extension Application {
  /// Withdraws the offer to host if that is impossible: nothing may listen on this address, but something on another
  /// one.
  func offering(_ event: ClientEvent, at endpoint: Endpoint) -> ClientEvent {
    guard case .offline(let outage) = event, outage.isRefused, outage.isFirst, options.offersHost,
      endpoint == options.servers.first?.link.endpoint,
      LocalPort.isInUse(endpoint.port)
    else { return event }
    return .offline(Outage(reason: LocalPort.inUseMessage(endpoint.port), retryIn: outage.retryIn))
  }

  /// Starts a server in this process, with the settings of `serve`. They are not read again while it runs.
  /// - Parameter endpoint: the address at which nothing listens; the server gets its port.
  func startHost(at endpoint: Endpoint) {
    guard host == nil, startingHost == nil else { return }
    startingHost = endpoint
    let port = endpoint.port
    func tell(_ event: HostEvent, at place: Endpoint) { handle([.server(place, .host(event))]) }
    Task {
      defer { startingHost = nil }
      do {
        let (read, settings) = try await Self.hostSettings(port: port)
        // Not to standard error, because the server logs its last lines after the shell has the terminal back.
        let logger =
          options.log.map { read.logger(descriptor: $0) }
          ?? Logger(label: "swiftchat", factory: { _ in SwiftLogNoOpLogHandler() })
        let server = try await ChatServer.start(settings: settings, logger: logger)
        host = (server, endpoint)
        let share = try ShareLine(place: server.place, pin: server.pin)
        tell(.started(invitation: share.description), at: follow(server, settings, from: endpoint))
      } catch let error as ListenError where error.isInUse && LocalPort.isInUse(port) {
        tell(.failed(reason: LocalPort.inUseMessage(port)), at: endpoint)
      } catch {
        tell(.failed(reason: "\(error)"), at: endpoint)
      }
      draw()
    }
  }

  /// Reads the settings that `serve` would have on this port. Not on the main actor: a home directory on a network may
  /// not respond for a long time.
  private nonisolated static func hostSettings(
    port: Int
  ) async throws(ConfigurationError) -> (ServeSettings, ServerSettings) {
    var flags = ServerConfiguration()
    flags[ServerSetting.port] = port
    let read = try ServeSettings(flags: flags)
    return (read, try read.settings())
  }

  /// Opens the hosted chat at the address that it listens on, if it does not listen where hosting was offered.
  /// - Returns: the address at which the chat is open.
  private func follow(_ server: ChatServer, _ settings: ServerSettings, from endpoint: Endpoint) -> Endpoint {
    guard !isLeaving, clients.count < Interface.maximumServers, let place = Self.detour(to: server, settings) else {
      return endpoint
    }
    // `disconnect` must close the server of the offer, which gives way unless something was typed there.
    host = (server, place)
    startingHost = nil
    connect(to: ShareLink(endpoint: place, pin: server.pin))
    if client(of: place) != nil { return place }
    host = (server, endpoint)
    return endpoint
  }

  /// The address of a server that does not listen at `localhost`; nil if it does.
  private static func detour(to server: ChatServer, _ settings: ServerSettings) -> Endpoint? {
    let local = ["127.0.0.1", "::1", "0.0.0.0", "::"].map { hostAndPort($0, server.port) }
    guard !server.addresses.contains(where: { local.contains($0) }) else { return nil }
    for case .host(let host) in settings.addresses {
      if let endpoint = try? Endpoint(host: host, port: server.port) { return endpoint }
    }
    return nil
  }
}
