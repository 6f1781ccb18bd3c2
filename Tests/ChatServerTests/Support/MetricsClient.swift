import ChatServer
import Testing

/// Fetches a server's metrics as Prometheus does.
enum MetricsClient {
  struct HTTPAnswer {
    var status: Int
    var headers: [String: String]
    var body: String
  }

  static func port(of server: ChatServer) throws -> Int {
    let address = try #require(server.metricsAddress)
    return try #require(MetricsAddress(address)).port
  }

  static func get(_ path: String, method: String = "GET", port: Int) throws -> HTTPAnswer {
    let client = try SocketClient(port: port)
    try client.send(Array("\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n".utf8))
    return try answer(try client.readToEnd())
  }

  /// Parses the bytes, which must be exactly one answer of the announced length.
  static func answer(_ bytes: [UInt8], hasBody: Bool = true) throws -> HTTPAnswer {
    let text = String(decoding: bytes, as: UTF8.self)
    let end = try #require(text.firstRange(of: "\r\n\r\n"), "\(text)")
    let lines = text[..<end.lowerBound].split(separator: "\r\n")
    let words = try #require(lines.first).split(separator: " ")
    var headers: [String: String] = [:]
    for line in lines.dropFirst() {
      let colon = try #require(line.firstIndex(of: ":"), "\(line)")
      headers[line[..<colon].lowercased()] = String(line[colon...].dropFirst(2))
    }
    let body = String(text[end.upperBound...])
    let length = headers["content-length"].flatMap { Int($0) }
    try #require(length == body.utf8.count || !hasBody, "\(text)")
    try #require(headers["connection"] == "close", "\(text)")
    return HTTPAnswer(status: try #require(Int(words[1])), headers: headers, body: body)
  }

  /// The samples of a page: values by name and labels. The page must be well-formed: every sample belongs to the family
  /// announced last, and no sample or family occurs twice.
  static func samples(_ page: String) throws -> [String: Double] {
    try #require(page.hasSuffix("\n"))
    var samples: [String: Double] = [:]
    var families: Set<String> = []
    var family = ""
    for line in page.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 3)
      if line.hasPrefix("# HELP ") {
        family = String(words[2])
        try #require(words.count == 4 && families.insert(family).inserted, "\(line)")
      } else if line.hasPrefix("# TYPE ") {
        try #require(words[2] == family && ["counter", "gauge", "histogram"].contains(words[3]), "\(line)")
      } else {
        let space = try #require(line.lastIndex(of: " "), "\(line)")
        try #require(line.hasPrefix(family), "\(line) is not of \(family)")
        let value = try #require(Double(line[line.index(after: space)...]), "\(line)")
        try #require(samples.updateValue(value, forKey: String(line[..<space])) == nil, "\(line) is there twice")
      }
    }
    return samples
  }
}
