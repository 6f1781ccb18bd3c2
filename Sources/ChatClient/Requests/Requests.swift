import ChatProtocol

/// Requests on the wire, each with the label that its answer will carry.
struct Requests: Sendable {
  private struct Entry: Sendable {
    var label: String
    var request: any PendingRequest
    var deadline: MonotonicTime
  }

  /// Time by which the server has answered a request, or, while any message is unstored, at least a later `PING`.
  static let patience = Duration.seconds(30)
  /// Limit of pending requests. Beyond it, a user's request is refused at once.
  static let limit = 64
  /// Limits for requests that run in the background: the server limits requests too.
  static let mostPages = 4
  static let mostJoins = 8

  private var entries: [Entry] = []

  var isFull: Bool { entries.count >= Self.limit }
  var deadline: MonotonicTime { entries.lazy.map(\.deadline).min() ?? .distantFuture }

  func count<Request: PendingRequest>(of type: Request.Type) -> Int { entries.count { $0.request is Request } }

  mutating func append(_ request: any PendingRequest, label: String, at now: MonotonicTime) {
    entries.append(Entry(label: label, request: request, deadline: now + Self.patience))
  }

  /// Removes and returns the request with this label.
  mutating func take(label: String) -> (any PendingRequest)? {
    entries.firstIndex { $0.label == label }.map { entries.remove(at: $0).request }
  }

  func request(label: String) -> (any PendingRequest)? { entries.first { $0.label == label }?.request }

  /// The server is alive, and a message waits: the server answers requests behind it when its log has stored it.
  mutating func extendDeadlines(at now: MonotonicTime) {
    for index in entries.indices { entries[index].deadline = now + Self.patience }
  }

  mutating func takeExpired(at now: MonotonicTime) -> [any PendingRequest] {
    guard deadline <= now else { return [] }
    defer { entries.removeAll { $0.deadline <= now } }
    return entries.filter { $0.deadline <= now }.map(\.request)
  }

  mutating func takeAll() -> [any PendingRequest] {
    defer { entries = [] }
    return entries.map(\.request)
  }
}
