import ChatModel
import NIOCore
import NIOPosix
import Platform

extension ConnectionFailure {
  /// Translates an error from connecting to this address.
  init(_ error: any Error, at record: HostRecord) {
    let host = record.host
    if let failure = error as? ConnectionFailure {
      self = failure
      self.record = record
      return
    }
    switch Kind(error) {
    case .refused: self.init(.refused, reason: "connection refused: is a server running on \(host)?")
    case .noSuchHost: self.init(.noSuchHost, reason: "no such host: \(host.host)")
    case .timedOut: self.init(.timedOut, reason: "timed out: \(host) does not answer")
    case .unreachable: self.init(.unreachable, reason: "\(host.host) cannot be reached from this network")
    case .other, .plain, .untrusted, .nothingLeft: self.init(.other, reason: ConnectionFailure.words(for: error))
    }
    self.record = record
  }

  /// The server speaks TLS, but the handshake failed.
  static func handshake(with host: HostPort) -> ConnectionFailure {
    ConnectionFailure(.other, reason: "\(host) and this client do not agree on how to encrypt")
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
    case is HostLookup.Failure: self = .noSuchHost
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
