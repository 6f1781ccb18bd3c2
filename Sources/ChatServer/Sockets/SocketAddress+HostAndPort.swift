import NIOCore

extension SocketAddress {
  /// `192.0.2.7:4000`, `[2001:db8::7]:4000`.
  var hostAndPort: String {
    let host = ipAddress ?? "?"
    let port = port ?? 0
    return host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
  }
}
