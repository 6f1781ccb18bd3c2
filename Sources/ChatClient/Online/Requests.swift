import ChatProtocol

/// Requests on the wire, each with the label that its answer will carry.
struct Requests: Sendable {
  enum Request: Hashable, Sendable {
    case join(RoomName)
    case part(RoomName)
    case listRooms
    case topic
    case roster(RoomName)
    case history(HistoryRequest)
    case search(Int)
    case mark(Target, Int)
    case admin(AdminRequest)
  }

  private struct Entry: Sendable {
    var label: String
    var request: Request
    var deadline: MonotonicTime
  }

  static let patience = Duration.seconds(30)
  /// Limit of pending requests. Beyond it, a user's request is refused at once.
  static let limit = 64
  /// Limits for requests that run in the background: the server limits requests too.
  static let mostPages = 4
  static let mostJoins = 8

  private var entries: [Entry] = []

  var isFull: Bool { entries.count >= Self.limit }
  var deadline: MonotonicTime { entries.lazy.map(\.deadline).min() ?? .distantFuture }

  func count(where isCounted: (Request) -> Bool) -> Int { entries.count { isCounted($0.request) } }

  mutating func append(_ request: Request, label: String, at now: MonotonicTime) {
    entries.append(Entry(label: label, request: request, deadline: now + Self.patience))
  }

  /// Removes and returns the request with this label.
  mutating func take(label: String) -> Request? {
    entries.firstIndex { $0.label == label }.map { entries.remove(at: $0).request }
  }

  func request(label: String) -> Request? { entries.first { $0.label == label }?.request }

  mutating func takeExpired(at now: MonotonicTime) -> [Request] {
    guard deadline <= now else { return [] }
    defer { entries.removeAll { $0.deadline <= now } }
    return entries.filter { $0.deadline <= now }.map(\.request)
  }

  mutating func takeAll() -> [Request] {
    defer { entries = [] }
    return entries.map(\.request)
  }
}

extension Requests.Request {
  var isPage: Bool { if case .history = self { true } else { false } }
  var isJoin: Bool { if case .join = self { true } else { false } }
  var isRoster: Bool { if case .roster = self { true } else { false } }
  var isSearch: Bool { if case .search = self { true } else { false } }
}
