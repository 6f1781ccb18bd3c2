import Dispatch
import Platform

/// Turns SIGHUP into a request to reload the settings. From its creation on, SIGHUP does not end the process.
final class Hangups {
  /// The received signals; several unhandled ones are combined.
  let signals: AsyncStream<Void>
  private let source: any DispatchSourceSignal

  init() {
    signal(SIGHUP, SIG_IGN)
    source = DispatchSource.makeSignalSource(signal: SIGHUP, queue: DispatchQueue(label: "swiftchat.hangups"))
    let (signals, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    self.signals = signals
    source.setEventHandler { continuation.yield() }
    source.activate()
  }

  /// Stops reporting. SIGHUP still does not end the process.
  func stop() { source.cancel() }
}
