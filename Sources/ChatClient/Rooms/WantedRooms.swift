import ChatProtocol

/// The rooms besides the lobby that the user wants to be in, in the order of joining.
struct WantedRooms: Sendable {
  static let limit = 200
  /// Time limit for the server's SYNC of a room.
  private static let patience = Duration.seconds(10)

  enum JoinState: Sendable {
    case wanted
    /// `JOIN` or `RESUME` was sent.
    case asked(until: MonotonicTime)
    case joined
  }

  private struct JoinedRoom: Sendable {
    var name: RoomName
    /// Distinguishes this entry from an earlier one of the same room, which the user has left since.
    let serial: UInt64
    var joinState = JoinState.wanted
    /// Whether the room was reported to the screen as joined.
    var wasTold = false
    /// Whether the room's roster is to be requested.
    var wantsRoster = false
  }

  private var rooms: [JoinedRoom] = []
  private var lastSerial: UInt64 = 0

  var names: [RoomName] { rooms.map(\.name) }

  /// Time of the next call of `timer`.
  var deadline: MonotonicTime {
    rooms.lazy.map { room in
      if case .asked(let until) = room.joinState { until } else { .distantFuture }
    }.min() ?? .distantFuture
  }

  func contains(_ name: RoomName) -> Bool { index(name) != nil }

  /// Whether the client receives the room's messages.
  func isJoined(_ name: RoomName) -> Bool {
    guard name != .lobby else { return true }
    guard let index = index(name), case .joined = rooms[index].joinState else { return false }
    return true
  }

  /// Whether the client has joined the room or asked to.
  func isAsked(_ name: RoomName) -> Bool {
    guard let index = index(name) else { return false }
    if case .wanted = rooms[index].joinState { return false }
    return true
  }

  /// Whether the client is still to ask for the room.
  func isWaiting(_ name: RoomName) -> Bool { contains(name) && !isAsked(name) }

  /// The number of the room's entry, for `isNewer`.
  func serial(of name: RoomName) -> UInt64? { index(name).map { rooms[$0].serial } }

  /// Whether the user has left the room and asked for it again since its entry had this number.
  func isNewer(_ name: RoomName, than serial: UInt64?) -> Bool {
    guard let current = self.serial(of: name) else { return false }
    return current != serial
  }

  /// - Returns: false if there are too many rooms.
  mutating func insert(_ name: RoomName) -> Bool {
    guard !contains(name) else { return true }
    guard rooms.count < Self.limit, name != .lobby else { return name == .lobby }
    lastSerial += 1
    rooms.append(JoinedRoom(name: name, serial: lastSerial))
    return true
  }

  /// - Returns: whether the screen knows of the room.
  @discardableResult
  mutating func remove(_ name: RoomName) -> Bool { index(name).map { rooms.remove(at: $0).wasTold } ?? false }

  func nextWanted() -> RoomName? {
    rooms.first { if case .wanted = $0.joinState { true } else { false } }?.name
  }

  /// - Parameter isAnswered: the request's label already bounds the wait for an answer.
  mutating func asked(_ name: RoomName, at now: MonotonicTime, isAnswered: Bool) {
    guard let index = index(name), !isJoined(name) else { return }
    rooms[index].joinState = .asked(until: isAnswered ? .distantFuture : now + Self.patience)
  }

  /// `RESUME` has named the rooms: the server sends SYNC for each without a further request.
  mutating func resumed(_ cursors: [Cursor], at now: MonotonicTime) {
    for cursor in cursors {
      if case .room(let room) = cursor.target { asked(room, at: now, isAnswered: false) }
    }
  }

  /// - Returns: whether the room is newly joined on this connection.
  mutating func joined(_ name: RoomName) -> Bool {
    guard let index = index(name) else { return false }
    if case .joined = rooms[index].joinState { return false }
    rooms[index].name = name
    rooms[index].joinState = .joined
    rooms[index].wasTold = true
    rooms[index].wantsRoster = true
    return true
  }

  mutating func wantRosters() {
    for index in rooms.indices {
      if case .joined = rooms[index].joinState { rooms[index].wantsRoster = true }
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
      if case .asked(let until) = rooms[index].joinState, until <= now { rooms[index].joinState = .wanted }
    }
  }

  mutating func disconnected() {
    for index in rooms.indices {
      rooms[index].joinState = .wanted
      rooms[index].wantsRoster = false
    }
  }

  private func index(_ name: RoomName) -> Int? { rooms.firstIndex { $0.name == name } }
}
