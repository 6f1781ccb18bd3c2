import ChatDialects
import ChatProtocol
import TestSupport
import Testing

@testable import ChatServer

/// A dialect that the server does not know, over the same hub, in one room with plain and tagged clients.
@Suite struct DialectTests {
  private static func join(_ harness: ServerHarness, _ name: String) throws -> ServerHarness.HarnessClient {
    let client = try harness.connect(JSONDialect())
    try client.send(#"{"login":"\#(name)"}"# + "\n")
    harness.endIteration()
    #expect(client.takePackets() == [#"{"ok":"LOGIN"}"# + "\n"])
    return client
  }

  @Test func `each client is served in its dialect, and echoes depend on the dialect`() throws {
    let harness = ServerHarness()
    let (plain, tagged) = (try harness.logIn("neha"), try harness.logIn("akash", "CAP REQ tags\n"))
    let (mira, other) = (try Self.join(harness, "mira"), try Self.join(harness, "other"))
    let all = [plain, tagged, mira, other]
    func lines() -> [[String]] {
      harness.endIteration()
      return all.map { $0.takeLines() }
    }
    try mira.send(#"{"say":"one  two"}"# + "\n")
    #expect(
      lines() == [["MSG mira one two"], ["MSG mira one  two"], [], [#"{"from":"mira","text":"one  two"}"#]])
    try plain.send("MSG three\n")
    let three = #"{"from":"neha","text":"three"}"#
    #expect(lines() == [["MSG neha three"], ["MSG neha three"], [three], [three]])
    try tagged.send("@label=4 MSG four\n")
    let four = #"{"from":"akash","text":"four"}"#
    #expect(lines() == [["MSG akash four"], ["MSG akash four", "OK MSG"], [four], [four]])
    try harness.close()
  }

  @Test func `an event without a form in the dialect is not sent`() throws {
    let harness = ServerHarness()
    let mira = try Self.join(harness, "mira")
    let tagged = try harness.logIn("akash", "CAP REQ tags presence rooms\n")
    let plain = try harness.logIn("neha")
    try tagged.send("AWAY lunch\nTOPIC #lobby news\nDM mira psst\nMSG seen\n")
    try plain.send("QUIT\n")
    harness.endIteration()
    #expect(mira.takeLines() == [#"{"from":"akash","text":"seen"}"#])
    try harness.close()
  }

  @Test func `a message without an echo keeps its place among others`() throws {
    let harness = ServerHarness()
    let (plain, mira, other) = (
      try harness.logIn("neha"), try Self.join(harness, "mira"), try Self.join(harness, "other")
    )
    // In one iteration, so that all share one buffer.
    try plain.send("MSG 1\n")
    try mira.send(#"{"say":"2"}"# + "\n" + #"{"ping":true}"# + "\n")
    try other.send(#"{"say":"3"}"# + "\n")
    try mira.send(#"{"say":"4"}"# + "\n" + #"{"say":"5"}"# + "\n")
    try plain.send("MSG 6\n")
    harness.endIteration()
    func line(_ name: String, _ text: String) -> String { #"{"from":"\#(name)","text":"\#(text)"}"# }
    #expect(
      mira.takeLines() == [line("neha", "1"), #"{"pong":true}"#, line("other", "3"), line("neha", "6")])
    #expect(
      other.takeLines() == [
        line("neha", "1"), line("mira", "2"), line("mira", "4"), line("mira", "5"), line("neha", "6"),
      ])
    #expect(
      plain.takePackets() == ["MSG neha 1\nMSG mira 2\nMSG other 3\nMSG mira 4\nMSG mira 5\nMSG neha 6\n"])
    try harness.close()
  }

  @Test func `what a dialect brings along holds from the first line, and is negotiated further`() throws {
    let harness = ServerHarness()
    let neha = try harness.connect(SwiftchatDialect(capabilities: [.tags, .presence]))
    try neha.send("@label=1 PING\n@label=2 LOGIN neha\n")
    harness.endIteration()
    #expect(neha.takePackets() == ["@label=1 ERR not-logged-in PING Log in first: LOGIN name.\n@label=2 OK LOGIN\n"])
    let akash = try harness.logIn("akash")
    #expect(neha.takeLines() == ["JOINED akash"])
    try neha.send("CAP REQ rooms\nTOPIC #lobby news\n")
    harness.endIteration()
    #expect(neha.takeLines() == ["CAP ACK rooms", "TOPIC neha news", "OK TOPIC"])
    try akash.send("CAP REQ rooms\n")
    harness.endIteration()
    #expect(akash.takePackets() == ["CAP NAK rooms\n"])
    try harness.close()
  }

  @Test func `an error is written in the dialect of the request`() throws {
    let harness = ServerHarness()
    let mira = try harness.connect(JSONDialect())
    try mira.send(#"{"say":"x"}"# + "\nLOGIN mira\n" + #"{"login":"two words"}"# + "\n")
    harness.endIteration()
    #expect(
      mira.takeLines() == [
        #"{"error":"not-logged-in"}"#, #"{"error":"not-logged-in"}"#, #"{"error":"invalid-username"}"#,
      ])
    try harness.close()
  }

  @Test func `a listener of its own serves a dialect, whose requests may be split anywhere`() async throws {
    var settings = ServerSettings.local()
    let listener = DialectListener(addresses: [.host("127.0.0.1")], port: 0, option: "--json") { JSONDialect() }
    settings.dialectListeners = [listener]
    try await withServer(settings) { server in
      let port = try #require(server.dialectListeners.first?.localAddress?.port)
      #expect(port != server.port)
      let mira = try SocketClient(port: port)
      let neha = try SocketClient.join(server, "neha")
      for byte in Array((#"{"login":"mira"}"# + "\n").utf8) { try mira.send([byte]) }
      #expect(try mira.line() == #"{"ok":"LOGIN"}"#)
      for byte in Array((#"{"say":"hällo"}"# + "\n").utf8) { try mira.send([byte]) }
      #expect(try neha.line() == "MSG mira hällo")
      try neha.send("MSG hi")
      #expect(try neha.line() == "MSG neha hi")
      #expect(try mira.line() == #"{"from":"neha","text":"hi"}"#)
      try mira.send(#"{"ping":true}"#)
      #expect(try mira.line() == #"{"pong":true}"#)
    }
  }

  @Test func `a port in use names the option of its listener, and what was opened is closed again`() async throws {
    let first = try await ChatServer.start(.local())
    var settings = ServerSettings.local()
    let reserved = try ReservedPort()
    settings.port = reserved.number
    let place = [ListenAddress.host("127.0.0.1")]
    settings.dialectListeners = [
      DialectListener(addresses: place, port: first.port, option: "--json") { JSONDialect() }
    ]
    let error = await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
    let text = "another program uses this port; stop it, or choose another with --json"
    #expect(error?.description == "cannot listen on 127.0.0.1:\(first.port): \(text)")
    // A program that another thread is starting may have a copy of the first listener for a moment.
    let problem = try await Patience.answer { () async throws -> String? in
      do {
        try await ChatServer.check(settings, logger: .silent)
        return "none"
      } catch let problem as ServerCheckError {
        return problem.description.contains(":\(reserved.number):") ? nil : problem.description
      }
    }
    #expect(problem == error?.description)
    await first.shutDown()
    // Would fail if the first listener were still open.
    let second = try await onFreedPort { try await ChatServer.start(settings) }
    await second.shutDown()
    withExtendedLifetime(reserved) {}
  }
}
