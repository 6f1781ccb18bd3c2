import ChatHub
import ChatLog
import ChatProtocol
import ChatRecords
import NIOPosix

/// An open log, and the state that a server needs before the first connection.
struct OpenLog: Sendable {
  let storage: LogStorage
  let rooms: [RoomState]
  let registry: RegistryState
  /// The id of the last message.
  let lastID: Int

  /// - Parameters:
  ///   - node: the name of the node, for a shared log.
  ///   - open: called on a thread that may be blocked.
  init(_ node: String, _ open: @escaping @Sendable () throws -> LogStorage) async throws {
    (storage, rooms, registry, lastID) = try await NIOThreadPool.singleton.runIfActive {
      var storage = try open()
      storage.lastTime = try storage.log.lastTime()
      if let log = storage.log as? any SharedLog {
        let state = try log.begin(node)
        storage.sharedState = state
        return (storage, state.rooms, state.registry, state.lastID)
      }
      return (storage, try storage.log.rooms(), try storage.log.registry(), try storage.log.lastID())
    }
  }
}

extension OpenLog {
  /// Ends the node of a shared log that no hub will use: the other servers would count it until the end of its lease.
  func leave() async {
    guard let log = storage.log as? any SharedLog else { return }
    try? await NIOThreadPool.singleton.runIfActive { try log.leave() }
  }

  /// A hub that begins with the log's state.
  func hub(_ settings: HubSettings) -> Hub {
    let state = storage.sharedState
    return Hub(
      id: state?.hub ?? HubID(0), settings: settings, epochs: storage.log.epochs, secret: storage.log.secret,
      rooms: rooms, registry: registry, presence: state?.presence ?? PresenceState(), after: lastID)
  }
}

extension LogChoice {
  /// Blocks.
  func open() throws(LogError) -> LogStorage {
    switch self {
    case .memory: return LogStorage(log: MemoryLog(), isInMemory: true)
    case .directory(let path):
      let log = try SQLiteLog(directory: path)
      return LogStorage(log: log, isInMemory: false, startFault: log.startFault)
    case .database(let url): return LogStorage(log: try PostgresLog(url, for: .node), isInMemory: false)
    }
  }
}
