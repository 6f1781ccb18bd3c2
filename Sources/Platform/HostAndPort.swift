/// `host:port`, with an IPv6 address in brackets (RFC 3986, section 3.2.2).
public func hostAndPort(_ host: some StringProtocol, _ port: some BinaryInteger) -> String {
  host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
}
