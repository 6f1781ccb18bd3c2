import Dispatch

#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// SIGHUP: from now on it ends nothing, and says that settings are to be read again.
final class Hangups {
  /// Those that came; several that were not heeded yet are one.
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

  /// Nothing more is said; SIGHUP still ends nothing.
  func stop() { source.cancel() }
}
