import ChatLog
import ChatServer
import Testing

extension ServerSettings {
  /// Settings with a metrics server on loopback.
  fileprivate static var measured: ServerSettings {
    var settings = ServerSettings.local()
    settings.metrics = MetricsSettings(address: MetricsAddress(host: "127.0.0.1", port: 0), version: "1.2 \"x\"")
    return settings
  }
}

/// The metrics of a server.
@Suite struct MetricsTests {
  @Test func `events are counted`() async throws {
    try await withServer(.measured) { server in
      let port = try MetricsClient.port(of: server)
      let neha = try SocketClient.join(server, "neha")
      let akash = try SocketClient.join(server, "akash")
      try neha.send("MSG hello", "DM nobody psst", "DM nobody psst", "NONSENSE")
      #expect(
        try neha.lines(4) == ["MSG neha hello"] + ["ERR user-not-found", "ERR user-not-found", "ERR unknown-command"])
      #expect(try akash.line() == "MSG neha hello")
      let page = try MetricsClient.get("/metrics", port: port)
      #expect(page.status == 200)
      #expect(page.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
      let samples = try MetricsClient.samples(page.body)
      #expect(samples[#"swiftchat_build_info{version="1.2 \"x\""}"#] == 1)
      #expect(samples[#"swiftchat_connections{transport="plain"}"#] == 2)
      #expect(samples["swiftchat_people"] == 2)
      #expect(samples["swiftchat_rooms"] == 1)
      #expect(samples["swiftchat_logins_total"] == 2)
      #expect(samples["swiftchat_messages_stored_total"] == 1)
      #expect(samples[#"swiftchat_refusals_total{code="user-not-found"}"#] == 2)
      #expect(samples[#"swiftchat_refusals_total{code="unknown-command"}"#] == 1)
      let lines =
        "OK\nOK\nMSG neha hello\nMSG neha hello\nERR user-not-found\nERR user-not-found\nERR unknown-command\n"
      #expect(samples["swiftchat_sent_bytes_total"] == Double(lines.utf8.count))
      #expect(try #require(samples["process_start_time_seconds"]) > 1_700_000_000)
      #if os(Linux)
        #expect(try #require(samples["process_open_fds"]) >= 4)
        #expect(try #require(samples["process_resident_memory_bytes"]) > 1_000_000)
      #endif
    }
  }

  @Test func `connections are counted by their transport`() async throws {
    try await withServer(.measured) { server in
      let port = try MetricsClient.port(of: server)
      let akash = try SocketClient.join(server, "akash")
      let (neha, zoe) = (try TLSClient.join(server, "neha"), try TLSClient.join(server, "zoe"))
      let samples = try MetricsClient.samples(try MetricsClient.get("/metrics", port: port).body)
      #expect(samples[#"swiftchat_connections{transport="plain"}"#] == 1)
      #expect(samples[#"swiftchat_connections{transport="tls"}"#] == 2)
      withExtendedLifetime((akash, neha, zoe)) {}
    }
  }

  @Test func `commits are counted with their durations`() async throws {
    let log = ControlledLog()
    try await withServer(.measured, .onDisk(log)) { server in
      let neha = try SocketClient.join(server, "neha")
      for _ in 0..<3 {
        try neha.send("MSG hello")
        #expect(try neha.line() == "MSG neha hello")
      }
      let page = try MetricsClient.get("/metrics", port: try MetricsClient.port(of: server))
      let samples = try MetricsClient.samples(page.body)
      #expect(samples["swiftchat_log_commit_seconds_count"] == 3)
      #expect(samples[#"swiftchat_log_commit_seconds_bucket{le="+Inf"}"#] == 3)
      #expect(try #require(samples["swiftchat_log_commit_seconds_sum"]) > 0)
    }
  }

  @Test func `a log that cannot store is reported with the reason until it can`() async throws {
    let log = ControlledLog()
    try await withServer(.measured, .onDisk(log)) { server in
      let port = try MetricsClient.port(of: server)
      let health = try MetricsClient.get("/healthz", port: port)
      #expect((health.status, health.body) == (200, "ok\n"))
      let neha = try SocketClient.join(server, "neha")
      log.failure = LogError(.full, "no room")
      try neha.send("MSG lost")
      #expect(try neha.line() == "ERR storage-unavailable")
      let ill = try MetricsClient.get("/healthz", port: port)
      #expect(ill.status == 503)
      #expect(ill.body.contains("no room"), "\(ill.body)")
      let samples = try MetricsClient.samples(try MetricsClient.get("/metrics", port: port).body)
      #expect(samples["swiftchat_storage_up"] == 0)
      #expect(samples["swiftchat_storage_failures_total"] == 1)
      log.failure = nil
      try neha.send("MSG kept")
      #expect(try neha.line() == "MSG neha kept")
      #expect(try MetricsClient.get("/healthz", port: port).status == 200)
    }
  }

  @Test func `a port in use is named with a remedy`() async throws {
    let first = try await ChatServer.start(.measured)
    var settings = ServerSettings.measured
    settings.metrics?.address.port = try MetricsClient.port(of: first)
    let error = await #expect(throws: ListenError.self) { _ = try await ChatServer.start(settings) }
    #expect(
      error?.description.hasSuffix("another program uses this port; stop it, or choose another with --metrics") == true)
    await first.shutDown()
  }

  @Test(arguments: [
    ("127.0.0.1:9400", MetricsAddress(host: "127.0.0.1", port: 9400)),
    ("localhost:0", MetricsAddress(host: "localhost", port: 0)),
    ("[::1]:65535", MetricsAddress(host: "::1", port: 65535)),
  ])
  func `an address is parsed`(text: String, address: MetricsAddress) {
    #expect(MetricsAddress(text) == address)
    #expect(address.description == text)
  }

  @Test(arguments: [
    "", ":", "9400", "localhost", "localhost:", ":9400", "localhost:65536", "localhost:-1", "localhost:+1", "::1:9400",
    "[::1]", "[]:1", "[x]:1", "a b:1", "localhost:999999999999999999999", "localhost:٣",
  ])
  func `an invalid address is refused`(text: String) {
    #expect(MetricsAddress(text) == nil)
  }
}
