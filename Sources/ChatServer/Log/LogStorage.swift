import ChatHub
import ChatLog
import ChatProtocol

/// An open log, and how it is to be treated.
struct LogStorage: Sendable {
  let log: any MessageLog
  /// It answers at once: the event loop may wait for it.
  let isInMemory: Bool
  /// How long one search may take before it answers with what it has found: others wait for their turn.
  var searchBudget = Duration.milliseconds(100)
  /// What may wait to be stored in it.
  var backlog = Backlog.Limit()
}

extension MessageLog {
  /// - Parameter mustStop: whether a search must answer with what it has found.
  func answer(
    to request: ReadRequest, until mustStop: @escaping @Sendable () -> Bool = { false }
  ) -> Result<ReadAnswer, LogError> {
    do {
      switch request {
      case .page(let request): return .success(.page(try page(request)))
      case .search(let request): return .success(.page(try search(request, until: mustStop)))
      case .acts(let limit): return .success(.acts(try acts(limit: limit)))
      case .state(of: let member): return .success(.state(try state(of: member)))
      }
    } catch {
      return .failure(error)
    }
  }
}

extension HubEvent.StorageFailure {
  init(_ error: LogError) { self.init(isFull: error.cause == .full) }
}
