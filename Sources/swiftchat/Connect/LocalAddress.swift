import Platform

enum LocalAddress {
  /// The address at which other hosts most likely reach this one: `external`; the host name if there is none.
  static var reachable: String { external ?? hostName }

  /// The first IPv4 address of an interface that is up and not loopback; nil if there is none.
  static var external: String? {
    var list: UnsafeMutablePointer<ifaddrs>?
    guard getifaddrs(&list) == 0 else { return nil }
    defer { freeifaddrs(list) }
    var entry = list
    while let interface = entry?.pointee {
      entry = interface.ifa_next
      let flags = Int32(truncatingIfNeeded: interface.ifa_flags)
      guard flags & Int32(IFF_UP) != 0, flags & Int32(IFF_LOOPBACK) == 0, let address = interface.ifa_addr,
        Int32(address.pointee.sa_family) == AF_INET
      else { continue }
      if let text = numeric(address) { return text }
    }
    return nil
  }

  private static func numeric(_ address: UnsafeMutablePointer<sockaddr>) -> String? {
    var bytes = [CChar](repeating: 0, count: Int(NI_MAXHOST))
    let length = socklen_t(MemoryLayout<sockaddr_in>.size)
    guard getnameinfo(address, length, &bytes, socklen_t(bytes.count), nil, 0, NI_NUMERICHOST) == 0 else { return nil }
    return text(bytes)
  }

  private static var hostName: String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard gethostname(&bytes, bytes.count - 1) == 0 else { return "localhost" }
    return text(bytes) ?? "localhost"
  }

  private static func text(_ bytes: [CChar]) -> String? {
    let text = String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return text.isEmpty ? nil : text
  }
}
