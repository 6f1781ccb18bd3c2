import ChatModel
import NIOCore
import NIOPosix
import Platform

extension ConnectionFailure {
  /// Translates an error from connecting.
  init(_ error: any Error, endpoint: Endpoint) {
    if let failure = error as? ConnectionFailure {
      self = failure
      return
    }
    switch Kind(error) {
    case .refused: self.init(.refused, reason: "connection refused: is a server running on \(endpoint)?")
    case .noSuchHost: self.init(.noSuchHost, reason: "no such host: \(endpoint.host)")
    case .timedOut: self.init(.timedOut, reason: "timed out: \(endpoint) does not answer")
    case .unreachable: self.init(.unreachable, reason: "\(endpoint.host) cannot be reached from this network")
    case .other, .plain, .untrusted: self.init(.other, reason: ConnectionFailure.words(for: error))
    }
  }

  /// The server speaks TLS, but the handshake failed.
  static func handshake(with endpoint: Endpoint) -> ConnectionFailure {
    ConnectionFailure(.other, reason: "\(endpoint) and this client do not agree on how to encrypt")
  }

  /// The reason, in words for users, why an established connection broke.
  static func words(for error: any Error) -> String {
    guard let error = error as? IOError else { return "the connection broke" }
    switch error.errnoCode {
    case ECONNRESET, EPIPE, ECONNABORTED: return "the connection was reset"
    case ETIMEDOUT: return "the connection timed out"
    case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN: return "the network is unreachable"
    case EMFILE, ENFILE: return "too many files are open"
    case EACCES, EPERM: return "the system does not allow the connection"
    default: return "the connection broke"
    }
  }
}

extension ConnectionFailure.Kind {
  fileprivate init(_ error: any Error) {
    switch error {
    case let error as NIOConnectionError:
      // A host may have several addresses: the likeliest cause among their errors is reported.
      let kinds = Set(error.connectionErrors.map { Self($0.error) })
      let likeliest: [Self] = [.refused, .timedOut, .unreachable]
      if let kind = likeliest.first(where: kinds.contains) {
        self = kind
      } else {
        let isUnknown = error.connectionErrors.isEmpty && (error.dnsAError ?? error.dnsAAAAError) != nil
        self = isUnknown ? .noSuchHost : .other
      }
    case let error as IOError:
      switch error.errnoCode {
      case ECONNREFUSED: self = .refused
      case ETIMEDOUT: self = .timedOut
      case ENETUNREACH, EHOSTUNREACH, ENETDOWN, EHOSTDOWN, EADDRNOTAVAIL: self = .unreachable
      default: self = .other
      }
    case ChannelError.connectTimeout: self = .timedOut
    case is SocketAddressError: self = .noSuchHost
    default: self = .other
    }
  }
}
