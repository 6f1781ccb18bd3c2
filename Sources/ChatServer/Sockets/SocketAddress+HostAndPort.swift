import NIOCore
import Platform

extension SocketAddress {
  /// `192.0.2.7:4000`, `[2001:db8::7]:4000`, `[fe80::7%eth0]:4000`.
  var hostAndPort: String {
    let host = (ipAddress ?? "?") + (zone.map { "%\($0)" } ?? "")
    let port = port ?? 0
    return Platform.hostAndPort(host, port)
  }

  /// The interface of a link-local address.
  private var zone: String? {
    guard case .v6(let six) = self, six.address.sin6_scope_id != 0 else { return nil }
    var name = [CChar](repeating: 0, count: Int(IF_NAMESIZE))
    guard if_indextoname(six.address.sin6_scope_id, &name) != nil else { return "\(six.address.sin6_scope_id)" }
    return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  }
}
