import ChatHub
import ChatLog
import ChatProtocol

/// An open log and its parameters.
struct LogStorage: Sendable {
  let log: any MessageLog
  /// The log answers at once, so the event loop may call it directly.
  let isInMemory: Bool
  /// The maximum duration of one search, which then answers with what it has found: other searches wait for their turn.
  var searchBudget = Duration.milliseconds(100)
  /// The limits of the messages waiting to be stored.
  var backlog = StoreBacklog.Limit()
  /// The state in which this node begins; nil if the log has one writer.
  var sharedState: SharedLogState?
  /// The time of the newest message when the log was opened; nil if there was none.
  var lastTime: Timestamp?
  /// Why nothing could be stored when the log was opened; nil if something could.
  var startFault: LogError?
}

extension MessageLog {
  /// - Parameter mustStop: whether a search must stop, and answer with what it has found.
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
