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

  /// - Parameter open: called on a thread that may be blocked.
  init(_ open: @escaping @Sendable () throws -> LogStorage) async throws {
    (storage, rooms, registry, lastID) = try await NIOThreadPool.singleton.runIfActive {
      var storage = try open()
      if let log = storage.log as? any SharedLog {
        let state = try log.begin()
        storage.sharedState = state
        return (storage, state.rooms, state.registry, state.lastID)
      }
      return (storage, try storage.log.rooms(), try storage.log.registry(), try storage.log.lastID())
    }
  }
}

extension LogChoice {
  /// Blocks.
  func open() throws(LogError) -> LogStorage {
    switch self {
    case .memory: LogStorage(log: MemoryLog(), isInMemory: true)
    case .directory(let path): LogStorage(log: try SQLiteLog(directory: path), isInMemory: false)
    case .database(let url): LogStorage(log: try PostgresLog(url), isInMemory: false)
    }
  }
}
