import CPostgres
import Dispatch
import Synchronization

extension PostgresConnection {
  /// Asks the server to cancel the running statement, which then fails with `PostgresError.State.cancelled`.
  ///
  /// Asking takes a connection of its own, without a time limit; so another thread does it. The statement may end before
  /// the server is asked, which then cancels the next one.
  func cancel() {
    guard let request = cpq_get_cancel(pointer) else { return }
    let sent = CancelRequest(pointer: request, unsent: unsentCancels)
    unsentCancels.add(1)
    sendCancel { sent.send() }
  }

  /// Sends a cancel request on a thread of the system.
  static func sendOnOtherThread(_ send: @escaping @Sendable () -> Void) {
    DispatchQueue.global().async { send() }
  }
}

/// The number of cancel requests of a connection that the server may not have received yet.
final class UnsentCancels: Sendable {
  private let count = Atomic(0)

  var isEmpty: Bool { count.load(ordering: .acquiring) == 0 }

  fileprivate func add(_ number: Int) { _ = count.wrappingAdd(number, ordering: .acquiringAndReleasing) }
}

/// libpq allows the request to be sent, and released, on any thread; exactly one does both.
private struct CancelRequest: @unchecked Sendable {
  let pointer: OpaquePointer
  let unsent: UnsentCancels

  /// Returns when the server has received the request: it closes the connection that brought it after signalling the
  /// process, which ignores the signal if no statement is running.
  func send() {
    cpq_cancel_query(pointer)
    cpq_free_cancel(pointer)
    unsent.add(-1)
  }
}
