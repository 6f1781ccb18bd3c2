import ChatModel
import ChatProtocol
import TestSupport
import Testing

/// Endpoints with several hosts.
@Suite struct EndpointListTests {
  @Test(arguments: [
    ("a.example,b.example:4001,c.example", "a.example:4000,b.example:4001,c.example:4000"),
    ("[::1]:5000,10.0.0.1", "[::1]:5000,10.0.0.1:4000"), ("::1,[2001:db8::7]", "[::1]:4000,[2001:db8::7]:4000"),
    ("B.example.,A.example:4000", "b.example:4000,a.example:4000"), ("a, b:1 ,  c", "a:4000,b:1,c:4000"),
    ("fe80::1%eth0,a", "[fe80::1%eth0]:4000,a:4000"),
    // Each host once, however it is written.
    ("a,A:4000,a.", "a:4000"), ("a,b,a,b:4000,b:4001", "a:4000,b:4000,b:4001"), ("::1,[0::1]:4000", "[::1]:4000"),
  ])
  func `a list is read`(text: String, description: String) throws {
    let endpoint = try Endpoint(text)
    #expect(endpoint.description == description)
    #expect(try Endpoint(description) == endpoint)
    #expect(endpoint.hosts.map(\.description).joined(separator: ",") == description)
    #expect(endpoint.hasSeveralHosts == description.contains(","))
    #expect(endpoint.host == endpoint.hosts.first?.host && endpoint.port == endpoint.hosts.first?.port)
    // As in a recording.
    #expect(Endpoint(coded: endpoint.codedText) == endpoint)
  }

  @Test func `the list as a whole is the server, and the first host names it`() throws {
    let list = try Endpoint("a,b:4001,c")
    #expect(try Endpoint("A.:4000,b:4001,c:4000") == list)
    for other in ["a", "a,b:4001", "b:4001,a,c", "a,b,c"] { #expect(try Endpoint(other) != list) }
    #expect(list.summary == "a:4000 (3 hosts)")
    #expect(try Endpoint("a,A").summary == "a:4000")
  }

  @Test(arguments: [
    (",", EndpointError.emptyPart), ("a,", .emptyPart), (",a", .emptyPart), ("a,,b", .emptyPart), ("a, ,b", .emptyPart),
    (String(repeating: ",", count: 100_000), .emptyPart), ("a,:4000", .missingHost), ("a,b:0", .invalidPort("0")),
    ("a,[::1", .missingBracket), ("a,b c", .invalidHost("b c")), ("a,b\u{1b}[2J", .invalidHost("b\u{1b}[2J")),
    ((1...17).map { "h\($0)" }.joined(separator: ","), .tooManyHosts),
    ((1...100).map { "h\($0):\($0)" }.joined(separator: ","), .tooManyHosts),
  ])
  func refuses(text: String, error: EndpointError) {
    #expect(throws: error) { try Endpoint(text) }
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 })
  }

  @Test func `sixteen hosts are read, also a hundred times`() throws {
    let text = (1...16).map { "h\($0)" }.joined(separator: ",")
    #expect(try Endpoint(text).hosts.count == 16)
    #expect(try Endpoint(Array(repeating: text, count: 100).joined(separator: ",")) == Endpoint(text))
  }

  @Test func `a separate host field takes no list`() {
    #expect(throws: EndpointError.self) { try Endpoint(host: "a,b", port: 4000) }
    #expect(throws: EndpointError.self) { try HostPort("a,b") }
  }

  @Test(arguments: [
    ("swiftchat://a,b:4001/?pin=\(Pin(known: 3))", "a:4000,b:4001"), ("swiftchat://a:4000,[::1]:5/", "a:4000,[::1]:5"),
    ("swiftchat://[fe80::7%25eth0],[fe80::7%252]:5", "[fe80::7%eth0]:4000,[fe80::7%2]:5"), ("a,b", "a:4000,b:4000"),
  ])
  func `a link has several hosts and one pin`(text: String, hosts: String) throws {
    let link = try ShareLink(text)
    #expect(link.endpoint.description == hosts)
    #expect(try ShareLink(link.description) == link)
    #expect(link.description.contains("\(hosts.replacing("%", with: "%25"))/"))
  }

  @Test func `a link with the longest hosts is read`() throws {
    let hosts = (1...16).map { String(repeating: "x", count: 251) + "\($0 + 10):65535" }
    let link = ShareLink(
      endpoint: try Endpoint(hosts.joined(separator: ",")), pin: Pin(known: 3),
      invitation: String(repeating: "i", count: 256))
    #expect(try ShareLink(link.description) == link)
  }

  @Test(arguments: ["swiftchat://a,/", "swiftchat://,", "swiftchat://a,,b/?pin=x"])
  func `a link with an empty host is refused`(text: String) {
    #expect(throws: ShareLinkError.endpoint(.emptyPart)) { try ShareLink(text) }
  }

  @Test func `random lists are read as they are written, or refused`() {
    var random = SeededGenerator()
    let alphabet = Array("ab1.:,[]% -/é\u{0}")
    for _ in 1...3000 {
      let text = String((0..<random.number(0...24)).map { _ in random.pick(alphabet) })
      guard let endpoint = try? Endpoint(text) else { continue }
      #expect((1...16).contains(endpoint.hosts.count) && Set(endpoint.hosts).count == endpoint.hosts.count, "\(random)")
      #expect((try? Endpoint(endpoint.description)) == endpoint, "\(random): \(text)")
    }
  }
}
