import ChatProtocol
import Dispatch
import Synchronization

/// Delivers values from any thread to the main actor, in order, all waiting values in one batch.
final class Mailbox<Value: Sendable>: Sendable {
  private struct State {
    var waiting: [Value] = []
    var timing: DeliveryTiming
  }

  private let state: Mutex<State>
  private let isUrgent: @Sendable (Value) -> Bool
  private let receive: @MainActor @Sendable ([Value]) -> Void

  /// - Parameters:
  ///   - interval: the shortest time between two deliveries without an urgent value.
  ///   - isUrgent: whether the value, and all values before it, are delivered at once.
  init(
    every interval: Duration, isUrgent: @escaping @Sendable (Value) -> Bool,
    receive: @escaping @MainActor @Sendable ([Value]) -> Void
  ) {
    state = Mutex(State(timing: DeliveryTiming(every: interval)))
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
    guard let delay else { return }
    let delivery = DispatchWorkItem { MainActor.assumeIsolated { self.deliver() } }
    if delay == .zero {
      DispatchQueue.main.async(execute: delivery)
    } else {
      DispatchQueue.main.asyncAfter(deadline: .now() + .nanoseconds(Int(delay.nanoseconds)), execute: delivery)
    }
  }

  @MainActor
  private func deliver() {
    let values = state.withLock { state in
      defer { state.waiting = [] }
      if !state.waiting.isEmpty { state.timing.deliver(at: .now()) }
      return state.waiting
    }
    if !values.isEmpty { receive(values) }
  }
}
