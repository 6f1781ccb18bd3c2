import CPostgres
import Dispatch

extension PostgresConnection {
  /// Asks the server to cancel the running statement, which then fails with `PostgresError.State.cancelled`.
  ///
  /// Asking takes a connection of its own, without a time limit; so another thread does it.
  func cancel() {
    guard let request = cpq_get_cancel(pointer) else { return }
    let sent = CancelRequest(pointer: request)
    DispatchQueue.global().async { sent.send() }
  }
}

/// libpq allows the request to be sent, and released, on any thread; exactly one does both.
private struct CancelRequest: @unchecked Sendable {
  let pointer: OpaquePointer

  func send() {
    cpq_cancel_query(pointer)
    cpq_free_cancel(pointer)
  }
}
