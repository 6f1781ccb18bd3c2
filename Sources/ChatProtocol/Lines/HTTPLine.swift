extension StringProtocol {
  /// Whether the line is the first line of an HTTP request, or one of its header fields.
  ///
  /// A web page can make a visitor's browser send a request to any host and port, with a body that the page chooses.
  /// The body always follows a request line and a `Host` field. Both are checked, because the request line may be too
  /// long to be read, and the page chooses its method.
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
  /// `HTTP/1.1`, after an arbitrary method and a target. `PRI * HTTP/2.0` begins HTTP/2.
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

  /// An HTTP/0.9 request line has no version.
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

  /// Header fields of requests; every request has the first one.
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
