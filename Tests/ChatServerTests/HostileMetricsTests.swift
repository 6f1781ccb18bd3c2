import NIOCore
import NIOPosix
import Platform
import TestSupport
import Synchronization
import Testing

@testable import ChatServer

/// Invalid and hostile metrics requests.
@Suite struct HostileMetricsTests {
  private static let source: MetricsServer.Source = {
    MultiThreadedEventLoopGroup.singleton.next().makeSucceededFuture(MetricsSnapshot())
  }

  /// Runs the body, which may block, with a metrics server.
  private func withMetrics(
    patience: TimeAmount = .seconds(60), sourcePatience: TimeAmount = .seconds(60),
    source: @escaping MetricsServer.Source = source,
    _ body: @escaping @Sendable (Int) throws -> Void
  ) async throws {
    let settings = MetricsSettings(address: MetricsAddress(host: "127.0.0.1", port: 0), version: "1")
    let metrics = try await MetricsServer.start(
      settings, patience: patience, sourcePatience: sourcePatience, source: source)
    let port = try #require(MetricsAddress(metrics.address)).port
    do {
      try await onThread { try body(port) }
      await metrics.close()
    } catch {
      await metrics.close()
      throw error
    }
  }

  @Test(arguments: [
    ("/", "GET", 404), ("/metric", "GET", 404), ("/metricsx", "GET", 404), ("//metrics", "GET", 404),
    ("/metrics?x=/healthz", "GET", 200), ("/healthz?", "GET", 200), ("/metrics", "POST", 405), ("/healthz", "PUT", 405),
    ("/../metrics", "GET", 404), ("http://x/metrics", "GET", 404),
  ])
  func `only known paths and methods are served`(path: String, method: String, status: Int) async throws {
    try await withMetrics { port in
      let answer = try MetricsClient.get(path, method: method, port: port)
      #expect(answer.status == status)
    }
  }

  @Test func `HEAD is answered without a body`() async throws {
    try await withMetrics { port in
      let client = try SocketClient(port: port)
      try client.send(Array("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n".utf8))
      let answer = try MetricsClient.answer(try client.readToEnd(), hasBody: false)
      #expect(answer.status == 200 && answer.headers["content-length"] == "3" && answer.body.isEmpty)
    }
  }

  @Test func `several requests on one connection have one answer`() async throws {
    try await withMetrics { port in
      let client = try SocketClient(port: port)
      let request = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
      try client.send(Array(String(repeating: request, count: 50).utf8))
      #expect(try MetricsClient.answer(try client.readToEnd()).body == "ok\n")
    }
  }

  @Test func `a client that half-closes receives the answer`() async throws {
    try await withMetrics { port in
      let client = try SocketClient(port: port)
      try client.send(Array("GET /healthz HTTP/1.0\r\n\r\n".utf8))
      client.halfClose()
      #expect(try MetricsClient.answer(try client.readToEnd()).body == "ok\n")
    }
  }

  @Test(arguments: [
    "GET /" + String(repeating: "a", count: 20_000) + " HTTP/1.1\r\n\r\n",
    "GET / HTTP/1.1\r\nX: " + String(repeating: "a", count: 20_000) + "\r\n\r\n",
    "GET / HTTP/1.1\r\n" + String(repeating: "X: y\r\n", count: 1000) + "\r\n",
    "GET / HTTP/1.1\r\nContent-Length: 1000000000\r\n\r\n" + String(repeating: "a", count: 20_000),
  ])
  func `a request that is too long is refused`(request: String) async throws {
    try await withMetrics { port in
      let client = try SocketClient(port: port)
      // The connection may be closed before all bytes are sent.
      try? client.send(Array(request.utf8))
      #expect(try MetricsClient.answer(try client.readToEnd()).status == 431)
    }
  }

  @Test func `invalid requests are refused without affecting others`() async throws {
    var random = SeededGenerator()
    let rubbish = (0..<50).map { _ in (0..<random.number(1...300)).map { _ in UInt8(random.number(0...255)) } }
    try await withMetrics { [random] port in
      for bytes in rubbish {
        let client = try SocketClient(port: port)
        try client.send(bytes + Array("\r\n\r\n".utf8))
        client.halfClose()
        let answer = try client.readToEnd()
        if !answer.isEmpty { #expect(try MetricsClient.answer(answer).status == 400, "\(random)") }
      }
      #expect(try MetricsClient.get("/healthz", port: port).status == 200)
    }
  }

  @Test func `a slow request is timed out`() async throws {
    try await withMetrics(patience: .milliseconds(300)) { port in
      let silent = try SocketClient(port: port)
      let slow = try SocketClient(port: port)
      try slow.send(Array("GET /metrics HTTP/1.1\r\nX: ".utf8))
      // One byte at a time until the connection is closed.
      try eventually("the slow one is hung up on") {
        (try? slow.send([UInt8(ascii: "x")])) == nil
      }
      #expect(try silent.readToEnd().isEmpty)
    }
  }

  private static let places = FileDescriptorLimit.metricsConnections(within: FileDescriptorLimit.current)

  @Test func `idle connections do not prevent requests`() async throws {
    try await withMetrics { port in
      var idle: [SocketClient] = []
      for round in 0..<(3 * Self.places) {
        idle.append(try SocketClient(port: port))
        // Some of them have sent a request and do not close.
        if round % 3 == 0 { try idle[round].send(Array("GET /healthz HTTP/1.1\r\n\r\n".utf8)) }
        #expect(try MetricsClient.get("/healthz", port: port).status == 200)
      }
      // The oldest connection was closed to make room.
      #expect(try idle[1].readToEnd().isEmpty)
    }
  }

  @Test func `the number of connections is bounded`() async throws {
    let stuck = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: MetricsSnapshot.self)
    let asked = Counter()
    try await withMetrics(source: {
      asked.count.add(1, ordering: .relaxed)
      return stuck.futureResult
    }) { port in
      var held: [SocketClient] = []
      for _ in 0..<Self.places {
        held.append(try SocketClient(port: port))
        try held.last?.send(Array("GET /healthz HTTP/1.1\r\n\r\n".utf8))
      }
      try eventually("all are being answered") { asked.count.load(ordering: .relaxed) >= Self.places }
      #expect(try SocketClient(port: port).readToEnd().isEmpty)
      #expect(held.count == Self.places)
    }
    stuck.succeed(MetricsSnapshot())
  }

  @Test func `a thread that does not answer is reported`() async throws {
    let stuck = MultiThreadedEventLoopGroup.singleton.next().makePromise(of: MetricsSnapshot.self)
    try await withMetrics(sourcePatience: .milliseconds(100), source: { stuck.futureResult }) { port in
      let health = try MetricsClient.get("/healthz", port: port)
      #expect((health.status, health.body) == (503, "the event loop does not answer\n"))
    }
    stuck.succeed(MetricsSnapshot())
  }

  @Test func `a histogram counts values up to each bound`() {
    var histogram = Histogram()
    for milliseconds in [0, 1, 3, 20_000] { histogram.add(.milliseconds(milliseconds)) }
    var text = PrometheusText()
    text.histogram("x_seconds", "X.", histogram)
    let lines = text.text.split(separator: "\n")
    #expect(lines[0...1] == ["# HELP x_seconds X.", "# TYPE x_seconds histogram"])
    #expect(lines.contains(#"x_seconds_bucket{le="0.0005"} 1"#))
    #expect(lines.contains(#"x_seconds_bucket{le="0.001"} 2"#))
    #expect(lines.contains(#"x_seconds_bucket{le="0.005"} 3"#))
    #expect(lines.contains(#"x_seconds_bucket{le="10"} 3"#))
    #expect(lines.suffix(3) == [#"x_seconds_bucket{le="+Inf"} 4"#, "x_seconds_sum 20.004", "x_seconds_count 4"])
  }
}

private final class Counter: Sendable {
  let count = Atomic(0)
}
