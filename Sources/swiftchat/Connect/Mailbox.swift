import ChatProtocol
import Dispatch
import Synchronization

/// Delivers values from any thread to the main actor, in order and in batches. Other work of the main actor, such as
/// keys and other mailboxes, gets its turn between two batches.
final class Mailbox<Value: Sendable>: Sendable {
  private struct State {
    var waiting: ArraySlice<Value> = []
    var timing: DeliveryTiming
  }

  private let state: Mutex<State>
  private let maximum: Int
  private let isUrgent: @Sendable (Value) -> Bool
  private let receive: @MainActor @Sendable ([Value]) -> Void

  /// - Parameters:
  ///   - interval: the shortest time between two deliveries without an urgent value.
  ///   - maximum: the limit for the values of a batch.
  ///   - isUrgent: whether the value, and all values before it, are delivered at once.
  init(
    every interval: Duration, atMost maximum: Int, isUrgent: @escaping @Sendable (Value) -> Bool,
    receive: @escaping @MainActor @Sendable ([Value]) -> Void
  ) {
    state = Mutex(State(timing: DeliveryTiming(every: interval)))
    self.maximum = max(maximum, 1)
    self.isUrgent = isUrgent
    self.receive = receive
  }

  func post(_ values: [Value]) {
    guard !values.isEmpty else { return }
    let isUrgent = values.contains(where: isUrgent)
    let delay = state.withLock { state in
      state.waiting += values
      return state.timing.post(isUrgent: isUrgent, at: .now())
    }
    if let delay { schedule(in: delay) }
  }

  /// Delivers everything that waits, at once and as one batch.
  @MainActor
  func flush() {
    let values = state.withLock { state in
      let values = Array(state.waiting)
      state.waiting = []
      if !values.isEmpty { state.timing.deliver(at: .now()) }
      return values
    }
    if !values.isEmpty { receive(values) }
  }

  private func schedule(in delay: Duration) {
    let delivery = DispatchWorkItem { MainActor.assumeIsolated { self.deliver() } }
    if delay == .zero {
      DispatchQueue.main.async(execute: delivery)
    } else {
      DispatchQueue.main.asyncAfter(deadline: .now() + .nanoseconds(Int(delay.nanoseconds)), execute: delivery)
    }
  }

  @MainActor
  private func deliver() {
    let (values, next) = state.withLock { state in
      let values = state.waiting.prefix(maximum)
      let rest = state.waiting.dropFirst(maximum)
      state.waiting = rest.isEmpty ? [] : rest
      if !values.isEmpty { state.timing.deliver(at: .now()) }
      // The rest follows as soon as other work had its turn.
      return (values, state.waiting.isEmpty ? nil : state.timing.post(isUrgent: true, at: .now()))
    }
    if !values.isEmpty { receive(Array(values)) }
    if let next { schedule(in: next) }
  }
}
