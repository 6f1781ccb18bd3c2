import ChatProtocol

/// The rooms that the person wants to be in, besides the lobby, in the order in which they were entered.
struct Rooms: Sendable {
  static let limit = 200
  /// How long the server may take to say where a room stands.
  private static let patience = Duration.seconds(10)

  enum Standing: Sendable {
    case wanted
    /// `JOIN` or `RESUME` was sent.
    case asked(until: MonotonicTime)
    case joined
  }

  private struct Room: Sendable {
    var name: RoomName
    var standing = Standing.wanted
    /// The screen knows that we are, or were, in it.
    var wasTold = false
    /// Who is in it is to be asked for.
    var wantsRoster = false
  }

  private var rooms: [Room] = []

  var names: [RoomName] { rooms.map(\.name) }

  /// When `timer` is to be called.
  var deadline: MonotonicTime {
    rooms.lazy.map { room in
      if case .asked(let until) = room.standing { until } else { .distantFuture }
    }.min() ?? .distantFuture
  }

  func contains(_ name: RoomName) -> Bool { index(name) != nil }

  /// Whether what is said there is for us.
  func isJoined(_ name: RoomName) -> Bool {
    guard name != .lobby else { return true }
    guard let index = index(name), case .joined = rooms[index].standing else { return false }
    return true
  }

  /// Whether the server knows that we are in it, or soon will.
  func isAsked(_ name: RoomName) -> Bool {
    guard let index = index(name) else { return false }
    if case .wanted = rooms[index].standing { return false }
    return true
  }

  /// - Returns: false where there are too many.
  mutating func insert(_ name: RoomName) -> Bool {
    guard !contains(name) else { return true }
    guard rooms.count < Self.limit, name != .lobby else { return name == .lobby }
    rooms.append(Room(name: name))
    return true
  }

  /// - Returns: whether the screen knows of it.
  @discardableResult
  mutating func remove(_ name: RoomName) -> Bool { index(name).map { rooms.remove(at: $0).wasTold } ?? false }

  func nextWanted() -> RoomName? {
    rooms.first { if case .wanted = $0.standing { true } else { false } }?.name
  }

  /// - Parameter isAnswered: the answer has a label of its own to be waited for.
  mutating func asked(_ name: RoomName, at now: MonotonicTime, isAnswered: Bool) {
    guard let index = index(name), !isJoined(name) else { return }
    rooms[index].standing = .asked(until: isAnswered ? .distantFuture : now + Self.patience)
  }

  /// `RESUME` has named them: the server says of each where it stands, without being asked further.
  mutating func resumed(_ cursors: [Cursor], at now: MonotonicTime) {
    for cursor in cursors {
      if case .room(let room) = cursor.target { asked(room, at: now, isAnswered: false) }
    }
  }

  /// - Returns: whether that is news on this connection.
  mutating func joined(_ name: RoomName) -> Bool {
    guard let index = index(name) else { return false }
    if case .joined = rooms[index].standing { return false }
    rooms[index].name = name
    rooms[index].standing = .joined
    rooms[index].wasTold = true
    rooms[index].wantsRoster = true
    return true
  }

  mutating func wantRosters() {
    for index in rooms.indices {
      if case .joined = rooms[index].standing { rooms[index].wantsRoster = true }
    }
  }

  var wantsRoster: Bool { rooms.contains(where: \.wantsRoster) }

  mutating func takeWantedRoster() -> RoomName? {
    guard let index = rooms.firstIndex(where: \.wantsRoster) else { return nil }
    rooms[index].wantsRoster = false
    return rooms[index].name
  }

  mutating func timer(at now: MonotonicTime) {
    for index in rooms.indices {
      if case .asked(let until) = rooms[index].standing, until <= now { rooms[index].standing = .wanted }
    }
  }

  mutating func disconnected() {
    for index in rooms.indices {
      rooms[index].standing = .wanted
      rooms[index].wantsRoster = false
    }
  }

  private func index(_ name: RoomName) -> Int? { rooms.firstIndex { $0.name == name } }
}
