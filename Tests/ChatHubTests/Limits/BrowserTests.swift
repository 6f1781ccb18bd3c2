import ChatHub
import ChatProtocol
import Testing

/// Lines that a web page makes a browser send.
@Suite struct BrowserTests {
  /// The first readable lines of requests that a page or a script can cause.
  static let firstLines = [
    "POST / HTTP/1.1", "OPTIONS /x HTTP/1.1", "GET / HTTP/1.0", "LOGIN /?a=b HTTP/1.1", "MSG /hello%20there HTTP/1.1",
    "PRI * HTTP/2.0", "get /index.html http/1.1", "GET /", "OPTIONS *", "POST http://127.0.0.1:4000/ HTTP/1.1",
    "CONNECT 127.0.0.1:4000 HTTP/1.1", "GET  /  HTTP/1.1 ",
    // Header fields after a request line that is too long.
    "Host: 127.0.0.1:4000", "host:127.0.0.1", "Content-Length: 12", "Origin: http://example.org", "User-Agent: x",
  ]

  @Test(arguments: firstLines)
  func `an HTTP request ends the connection, and its body is ignored`(line: String) {
    for peer in [Peer.host, .remote] {
      let harness = HubHarness.withPin()
      let neha = harness.logIn("neha", "tags", "presence")
      let browser = harness.connect(from: peer, isSecured: peer == .remote)
      let answer = harness.send(as: browser, "\(line)\r", "Host: 127.0.0.1:4000\r", "\r", "LOGIN mallory", "MSG hello")
      #expect(answer.first == "ERR not-logged-in")
      #expect(harness.closeReason(of: browser) == .http)
      #expect(harness.takeOutput(of: neha) == [])
      #expect(harness.hub.peopleCount == 1)
    }
  }

  @Test func `a request line that is too long does not hide the header fields after it`() {
    let harness = HubHarness()
    let browser = harness.connect()
    let answer = harness.send(
      as: browser, "POST /\(String(repeating: "a", count: 5000)) HTTP/1.1\r", "Host: localhost\r", "", "LOGIN mallory")
    #expect(answer == ["ERR line-too-long", "ERR not-logged-in"])
    #expect(harness.closeReason(of: browser) == .http)
  }

  @Test(arguments: [
    "GET", "POST hello", "HELP", "hello there", "neha: hello", "Hosts: a", "LOGIN two words", "MSG GET / HTTP/1.1x",
    "MSG http is a protocol", "http://example.org/", "NICK host", "USER guest 0 * :Real Name", "CAP LS 302",
  ])
  func `other lines before the login are answered as usual`(line: String) {
    let harness = HubHarness()
    let neha = harness.connect()
    harness.send(as: neha, line)
    #expect(harness.closeReason(of: neha) == nil)
    #expect(harness.send(as: neha, "LOGIN neha") == ["OK"])
  }

  @Test(arguments: firstLines)
  func `messages may contain such lines`(line: String) {
    let harness = HubHarness()
    let neha = harness.logIn("neha")
    #expect(harness.send(as: neha, "MSG \(line)").count == 1)
    harness.send(as: neha, line)
    #expect(harness.closeReason(of: neha) == nil)
  }
}
