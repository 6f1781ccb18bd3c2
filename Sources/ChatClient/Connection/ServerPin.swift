import ChatModel
import ChatProtocol
import NIOPosix

/// Looks up the pin of the server at an endpoint.
public enum ServerPin {
  /// Connects to each host, reads the server's pin, and disconnects before sending any application data.
  /// - Returns: the pin, within 20 seconds for each address of a host. Hosts that cannot be reached are left out if
  ///   another one can.
  /// - Throws: the failure; its kind is `ConnectionFailure.Kind.plain` if the server does not speak TLS, and `untrusted`
  ///   if hosts have different pins.
  public static func seen(at endpoint: Endpoint) async throws(ConnectionFailure) -> Pin {
    let results = await withTaskGroup(of: (Int, Result<Pin, ConnectionFailure>).self) { group in
      for (index, host) in endpoint.hosts.enumerated() {
        group.addTask { (index, await seen(at: host)) }
      }
      return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    var found: (host: HostPort, pin: Pin)?
    var failures: [ConnectionFailure] = []
    for (index, host) in endpoint.hosts.enumerated() {
      switch results[index] {
      case .success(let pin):
        guard let other = found else {
          found = (host, pin)
          continue
        }
        guard other.pin != pin else { continue }
        throw ConnectionFailure(
          .untrusted(pin),
          reason: "\(other.host) and \(host) are not the same server: their pins are \(other.pin) and \(pin)")
      case .failure(let failure): failures.append(failure)
      case nil: break
      }
    }
    if let found { return found.pin }
    throw failures.last ?? .handshake(with: endpoint.first)
  }

  private static func seen(at host: HostPort) async -> Result<Pin, ConnectionFailure> {
    let loop = MultiThreadedEventLoopGroup.singleton.next()
    let plan = ConnectionPlan(endpoint: Endpoint(host), hosts: [host], seed: 0)
    do {
      let connected = try await loop.flatSubmit {
        let attempts = ConnectionAttempts(plan, .encrypted(expecting: nil), on: loop)
        attempts.start()
        return attempts.result
      }.get()
      connected.channel.close(promise: nil)
      return connected.pin.map { .success($0) } ?? .failure(.handshake(with: host))
    } catch {
      guard let failed = error as? ConnectionAttempts.Failed else { return .failure(.handshake(with: host)) }
      return .failure(.decisive(failed.last, after: failed.earlier, isPinned: false))
    }
  }
}
