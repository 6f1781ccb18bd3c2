import Dispatch
import Synchronization

/// Delivers values from any thread to the main actor, in order, all waiting values in one batch.
final class Mailbox<Value: Sendable>: Sendable {
  private let waiting = Mutex<[Value]>([])
  private let receive: @MainActor @Sendable ([Value]) -> Void

  init(receive: @escaping @MainActor @Sendable ([Value]) -> Void) { self.receive = receive }

  func post(_ values: [Value]) {
    guard !values.isEmpty else { return }
    let wasEmpty = waiting.withLock { waiting in
      defer { waiting += values }
      return waiting.isEmpty
    }
    guard wasEmpty else { return }
    DispatchQueue.main.async {
      MainActor.assumeIsolated {
        let values = self.waiting.withLock { waiting in
          let values = waiting
          waiting = []
          return values
        }
        self.receive(values)
      }
    }
  }
}
