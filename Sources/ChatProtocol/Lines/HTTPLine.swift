extension StringProtocol {
  /// Whether the line is the first line of an HTTP request, or one of its header fields.
  ///
  /// A web page can make the browser of anybody who visits it send a request to any host and port, with lines of the
  /// page's choice in its body. What comes before the body is always a request line and a `Host` field. The request
  /// line may be too long to be read, and a page chooses its method, so that both are looked at.
  package var isOfHTTPRequest: Bool {
    var words = Words(String(self))
    guard let first = words.next() else { return false }
    if HTTPLine.isField(first.utf8) { return true }
    guard let second = words.next() else { return false }
    if HTTPLine.isMethod(first.utf8), HTTPLine.isRequestTarget(second.utf8) { return true }
    var last = second
    while let word = words.next() { last = word }
    return HTTPLine.isVersion(last.utf8)
  }
}

/// The parts of the lines before the body of an HTTP request (RFC 9112, sections 3 and 5).
private enum HTTPLine {
  /// `HTTP/1.1`, behind a method of the sender's choice and a target. `PRI * HTTP/2.0` begins HTTP/2.
  static func isVersion(_ word: some Collection<UInt8>) -> Bool {
    let name = "HTTP/".utf8
    guard word.count > name.count, word.prefix(name.count).lowercased() == Array(name).lowercased() else {
      return false
    }
    return word.dropFirst(name.count).allSatisfy { ($0 >= 0x30 && $0 <= 0x39) || $0 == UInt8(ascii: ".") }
  }

  static func isMethod(_ word: some Collection<UInt8>) -> Bool {
    methods.contains { word.count == $0.utf8.count && word.elementsEqual($0.utf8) }
  }

  /// HTTP/0.9 has no version behind it.
  static func isRequestTarget(_ word: some Collection<UInt8>) -> Bool {
    if word.first == UInt8(ascii: "/") || word.elementsEqual("*".utf8) { return true }
    return word.starts(with: "http".utf8)
  }

  static func isField(_ word: some Collection<UInt8>) -> Bool {
    guard let colon = word.firstIndex(of: UInt8(ascii: ":")) else { return false }
    let name = word[..<colon].lowercased()
    return fields.contains { $0.utf8.count == name.count && name == Array($0.utf8) }
  }

  private static let methods = [
    "GET", "POST", "PUT", "HEAD", "OPTIONS", "DELETE", "PATCH", "TRACE", "CONNECT", "PROPFIND", "PRI",
  ]

  /// Those that a request has, the first of them always.
  private static let fields = [
    "host", "connection", "origin", "referer", "user-agent", "accept", "accept-encoding", "accept-language",
    "content-type", "content-length", "transfer-encoding", "cookie", "cache-control", "pragma", "upgrade",
    "upgrade-insecure-requests", "sec-fetch-site", "sec-fetch-mode", "sec-fetch-dest", "sec-websocket-key",
    "sec-websocket-version", "access-control-request-method",
  ]
}

extension Sequence<UInt8> {
  fileprivate func lowercased() -> [UInt8] { map { (0x41...0x5a).contains($0) ? $0 + 0x20 : $0 } }
}
