import ChatClient
import ChatModel
import Testing

@Suite struct EndpointTests {
  @Test(arguments: [
    ("localhost", "localhost", 4000, "localhost:4000"),
    ("Chat.Example.ORG:80", "chat.example.org", 80, "chat.example.org:80"),
    ("10.0.0.1:65535", "10.0.0.1", 65535, "10.0.0.1:65535"),
    ("[::1]:5000", "::1", 5000, "[::1]:5000"),
    ("[fe80::1%eth0]", "fe80::1%eth0", 4000, "[fe80::1%eth0]:4000"),
    ("::1", "::1", 4000, "[::1]:4000"),
    ("fe80::1%eth0", "fe80::1%eth0", 4000, "[fe80::1%eth0]:4000"),
    ("[fe80::7%enP1s2]:4000", "fe80::7%enP1s2", 4000, "[fe80::7%enP1s2]:4000"),
    ("FE80::7%enP1s2", "fe80::7%enP1s2", 4000, "[fe80::7%enP1s2]:4000"),
    ("[fe80::7%2]:5", "fe80::7%2", 5, "[fe80::7%2]:5"), ("[fe80::7%251]:5", "fe80::7%251", 5, "[fe80::7%251]:5"),
    ("[fe80::7%25]:5", "fe80::7%25", 5, "[fe80::7%25]:5"),
    ("münchen.example:1", "münchen.example", 1, "münchen.example:1"),
  ])
  func reads(text: String, host: String, port: Int, description: String) throws {
    let endpoint = try Endpoint(text)
    #expect(endpoint.host == host)
    #expect(endpoint.port == port)
    #expect(endpoint.description == description)
    #expect(try Endpoint(endpoint.description) == endpoint)
    #expect(try Endpoint(host: host, port: port) == endpoint)
  }

  /// Different spellings of one host must share its pin and history.
  @Test(arguments: [
    ("LocalHost", "localhost"), ("localhost.", "localhost"), ("Chat.Example.ORG.:80", "chat.example.org:80"),
    ("::ffff:10.0.0.1", "10.0.0.1"), ("[::FFFF:a00:1]:4000", "10.0.0.1"), ("10.0.0.1.", "10.0.0.1"),
    ("0:0:0:0:0:0:0:1", "::1"), ("[0000::0001]:4000", "::1"), ("2001:DB8:0::7", "2001:db8::7"),
    ("[FE80:0::7%25enP1s2]:4000", "fe80::7%enP1s2"),
  ])
  func `spellings of one host are equal`(text: String, other: String) throws {
    #expect(try Endpoint(text) == Endpoint(other))
    #expect(try Endpoint(text).description == Endpoint(other).description)
  }

  @Test(arguments: [
    ("", EndpointError.missingHost),
    (":4000", .missingHost),
    (".", .missingHost),
    ("[::1", .missingBracket),
    ("[localhost]:1", .invalidHost("localhost")),
    ("my:host:1", .invalidHost("my:host:1")),
    ("two words", .invalidHost("two words")),
    ("..", .invalidHost("..")), ("chat.example.org..:1", .invalidHost("chat.example.org..")),
    ("http://x", .invalidPort("//x")),
    ("host\u{1b}[2J", .invalidHost("host\u{1b}[2J")),
    ("[fe80::7%]:1", .invalidHost("fe80::7%")), ("[fe80::7%a%b]:1", .invalidHost("fe80::7%a%b")),
    ("localhost%eth0", .invalidHost("localhost%eth0")), ("192.0.2.7%eth0", .invalidHost("192.0.2.7%eth0")),
    ("[::ffff:192.0.2.7%eth0]", .invalidHost("::ffff:192.0.2.7%eth0")), ("[1:2]", .invalidHost("1:2")),
    ("[fe80::7%\u{1b}[2J]:1", .invalidHost("fe80::7%\u{1b}[2J")),
    ("\u{202e}host", .invalidHost("\u{202e}host")),
    ("host:", .invalidPort("")),
    ("host:0", .invalidPort("0")),
    ("host:65536", .invalidPort("65536")),
    ("host:-1", .invalidPort("-1")),
    ("host:99999999999999999999", .invalidPort("99999999999999999999")),
    ("[::1]4000", .invalidPort("4000")),
  ])
  func refuses(text: String, error: EndpointError) {
    #expect(throws: error) { try Endpoint(text) }
    #expect(!error.description.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202e })
  }

  /// A separate host field must not contain a port.
  @Test(arguments: ["127.0.0.1:5000", "chat.example.org:5000", "[::1]", "[::1]:5000", "a:b:c", ""])
  func `texts are refused as host`(text: String) {
    #expect(throws: EndpointError.self) { try Endpoint(host: text, port: 4000) }
  }
}
