import ChatLog
import Logging
import NIOPosix

/// The reason why a server with these settings would not start.
public struct ServerCheckError: Error, CustomStringConvertible {
  public let description: String
  /// Whether retrying cannot help: the settings, or the files that they name, are wrong.
  public let isConfiguration: Bool
}

extension ChatServer {
  /// Checks everything that a start needs: certificate and key, the data directory or the database with its log,
  /// addresses and port, the metrics address. Creates and changes nothing; the port is bound for a moment.
  ///
  /// If a server runs in the data directory, a port in use is its own and no error.
  /// - Throws: `ServerCheckError`.
  public static func check(_ settings: ServerSettings, logger: Logger) async throws {
    try await checkFiles(settings)
    let isRunning = settings.controlDirectory.map { ControlSocket.isAnswered(inDirectory: $0) } ?? false
    try await checkAddresses(settings.addresses, port: settings.port, .host, isRunning: isRunning, logger: logger)
    for other in settings.dialectListeners {
      let option = Binding.Option(other.option)
      try await checkAddresses(other.addresses, port: other.port, option, isRunning: isRunning, logger: logger)
    }
    if let metrics = settings.metrics?.address {
      try await checkAddresses(
        [.host(metrics.host)], port: metrics.port, .metrics, isRunning: isRunning, logger: logger)
    }
  }

  /// Checks certificate and key only.
  /// - Throws: `IdentityError`.
  public static func check(_ settings: TLSSettings) async throws {
    try await NIOThreadPool.singleton.runIfActive { try ServerIdentity.check(settings) }
  }

  /// Checks the files only.
  /// - Throws: `ServerCheckError`.
  static func checkFiles(_ settings: ServerSettings) async throws {
    try await NIOThreadPool.singleton.runIfActive {
      switch settings.log {
      case .memory: break
      case .directory(let path): try DataDirectoryCheck(path).run()
      case .database(let url):
        do throws(LogError) { try PostgresLog.check(url) } catch {
          throw ServerCheckError(
            description: error.description,
            isConfiguration: ![.unreachable, .locked, .interrupted].contains(error.cause))
        }
      }
      do throws(IdentityError) { try ServerIdentity.check(settings.tls) } catch {
        throw ServerCheckError(description: error.description, isConfiguration: true)
      }
    }
  }

  private static func checkAddresses(
    _ addresses: [ListenAddress], port: Int, _ option: Binding.Option, isRunning: Bool, logger: Logger
  ) async throws {
    let hosts = addresses.filter { if case .socket = $0 { false } else { true } }
    let binding = Binding(
      bootstrap: {
        ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
          .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      }, option: option, logger: logger)
    do {
      let listeners = try await binding.listen(on: hosts, port: port)
      for listener in listeners { try? await listener.close() }
    } catch let error as ListenError where error.isInUse && isRunning {
      return
    } catch let error as ListenError {
      throw ServerCheckError(description: error.description, isConfiguration: error.isConfiguration)
    }
  }
}

extension ChatServer {
  /// Whether retrying cannot help after an error of `start`: the settings, or the files that they name, are wrong.
  public static func isConfiguration(_ error: any Error, _ settings: ServerSettings) async -> Bool {
    switch error {
    case is IdentityError: return true
    case let error as ListenError: return error.isConfiguration
    case let error as LogError:
      switch error.cause {
      case .readOnly, .corrupt, .tooNew, .vanished, .misconfigured: return true
      case .full, .locked, .interrupted, .unsynced, .unreachable: return false
      default: break
      }
      // Repeating the check finds the cause if it lies in the directory.
      do { try await checkFiles(settings) } catch let error as ServerCheckError {
        return error.isConfiguration
      } catch {}
      return false
    default: return false
    }
  }
}
