import ChatModel
import ChatServer
import ChatUI
import Logging

// Hosting the chat in this process.

extension Application {
  /// Withdraws the offer to host if that is impossible: nothing may listen on this address, but something on another
  /// one.
  func offering(_ event: ClientEvent, at endpoint: Endpoint) -> ClientEvent {
    guard case .offline(let outage) = event, outage.isRefused, outage.isFirst, options.offersHost,
      endpoint == options.servers.first?.link.endpoint,
      LocalPort.isInUse(endpoint.port)
    else { return event }
    return .offline(Outage(reason: LocalPort.inUse(endpoint.port), retryIn: outage.retryIn))
  }

  /// Starts a server in this process.
  /// - Parameter endpoint: its address as the interface knows it.
  func startHost(at endpoint: Endpoint) {
    guard host == nil, startingHost == nil else { return }
    startingHost = endpoint
    let port = endpoint.port
    // Not to standard error, because the server logs its last lines after the shell has the terminal back.
    let logger =
      options.log.map { LogFormat.text.logger(level: .info, descriptor: $0) }
      ?? Logger(label: "swiftchat", factory: { _ in SwiftLogNoOpLogHandler() })
    func tell(_ event: HostEvent) { handle([.server(endpoint, .host(event))]) }
    Task {
      defer { startingHost = nil }
      do {
        // The same directory as with `serve`, so that it is the same chat, however it is hosted.
        let log = StateFolder.path.map { LogChoice.directory(DataDirectory.path(nil, port: port, folder: $0)) }
        let directory = ServerDirectory(nil, port: port)
        let settings = ServerSettings(
          port: port, log: log ?? .memory, tls: TLSSettings(directory: directory.path),
          controlDirectory: directory.control)
        let server = try await ChatServer.start(settings: settings, logger: logger)
        host = (server, endpoint)
        let share = try ShareLine(place: server.place, pin: server.pin)
        tell(.started(invitation: share.description))
      } catch let error as ListenError where error.isInUse {
        tell(.failed(reason: LocalPort.inUse(port)))
      } catch {
        tell(.failed(reason: "\(error)"))
      }
      draw()
    }
  }
}
