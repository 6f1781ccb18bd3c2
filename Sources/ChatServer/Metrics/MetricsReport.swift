import NIOCore
import NIOHTTP1

/// Answers requests for `/metrics` and `/healthz`.
struct MetricsReport: Sendable {
  let version: String
  let startTime: Double
  let source: MetricsServer.Source
  /// Returns results from the chat's thread, which may answer after the metrics server has closed.
  let loopHandle: LoopHandle

  struct MetricsResponse: Sendable {
    var status: HTTPResponseStatus
    var body: String
    var type = "text/plain; charset=utf-8"
    /// The allowed method, if the request used another one.
    var allows: String?
  }

  /// The time limit for the chat's thread to answer.
  var patience = Self.usualPatience
  static let usualPatience = TimeAmount.seconds(2)
  static let textFormat = "text/plain; version=0.0.4; charset=utf-8"

  func answer(_ method: HTTPMethod, _ uri: String, on loop: any EventLoop) -> EventLoopFuture<MetricsResponse> {
    let path = uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false).first ?? ""
    guard ["/metrics", "/healthz"].contains(path) else {
      return loop.makeSucceededFuture(MetricsResponse(status: .notFound, body: "There are /metrics and /healthz.\n"))
    }
    guard method == .GET || method == .HEAD else {
      return loop.makeSucceededFuture(
        MetricsResponse(status: .methodNotAllowed, body: "It can be read, and nothing else.\n", allows: "GET, HEAD"))
    }
    return snapshot(on: loop).map { path == "/metrics" ? metrics($0) : health($0) }
      .recover { _ in MetricsResponse(status: .serviceUnavailable, body: "the event loop does not answer\n") }
  }

  private func metrics(_ snapshot: MetricsSnapshot) -> MetricsResponse {
    let facts = ProcessFacts.read(startTime: startTime)
    return MetricsResponse(
      status: .ok, body: snapshot.prometheusText(version: version, process: facts), type: Self.textFormat)
  }

  private func health(_ snapshot: MetricsSnapshot) -> MetricsResponse {
    if let trouble = snapshot.storageTrouble {
      return MetricsResponse(status: .serviceUnavailable, body: "messages cannot be stored: \(trouble)\n")
    }
    return MetricsResponse(status: .ok, body: "ok\n")
  }

  private func snapshot(on loop: any EventLoop) -> EventLoopFuture<MetricsSnapshot> {
    let promise = loop.makePromise(of: MetricsSnapshot.self)
    let deadline = loop.scheduleTask(in: patience) { promise.fail(ChannelError.connectTimeout(patience)) }
    // The task is cancelled at shutdown; the promise must be completed then, too.
    deadline.futureResult.whenFailure { promise.fail($0) }
    source().whenComplete { [loopHandle] result in
      loopHandle.execute {
        promise.completeWith(result)
        deadline.cancel()
      }
    }
    return promise.futureResult
  }
}
