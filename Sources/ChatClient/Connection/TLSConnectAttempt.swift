import ChatModel
import ChatProtocol
import Crypto
import NIOCore
import NIOSSL

/// An attempt at an encrypted connection, and its result. Belongs to its channel's event loop.
final class TLSConnectAttempt {
  /// A server that is silent for this long counts as one that does not speak TLS.
  private static let silence = TimeAmount.seconds(3)
  private static let patience = TimeAmount.seconds(10)

  private let channel: any Channel
  private let host: HostPort
  private let expected: Pin?
  private let promise: EventLoopPromise<Pin>
  private var seen: Pin?
  private var isOver = false
  private var timers: [Scheduled<Void>] = []
  private var heardTLS = false

  var result: EventLoopFuture<Pin> { promise.futureResult }

  init(of channel: any Channel, to host: HostPort, expecting expected: Pin?) {
    self.channel = channel
    self.host = host
    self.expected = expected
    promise = channel.eventLoop.makePromise()
    let bound = NIOLoopBound(self, eventLoop: channel.eventLoop)
    timers = [
      channel.eventLoop.scheduleTask(in: Self.silence) {
        if !bound.value.heardTLS { bound.value.foundPlain(said: nil) }
      },
      channel.eventLoop.scheduleTask(in: Self.patience) {
        bound.value.fail(ConnectionFailure(.timedOut, reason: "timed out: \(host) does not answer"))
      },
    ]
  }

  /// The server's first byte is the type of a TLS record.
  func heardTLSRecord() { heardTLS = true }

  /// The server does not speak TLS.
  func foundPlain(said: String?) {
    fail(ConnectionFailure(.plain(said: said), reason: "\(host) does not speak TLS"))
  }

  /// Checks the certificate, before the client sends any application data.
  func accepts(_ certificate: NIOSSLCertificate?) -> Bool {
    guard !isOver, let pin = certificate.flatMap({ Pin(of: $0) }) else { return false }
    seen = pin
    guard let expected, expected != pin else { return true }
    fail(ConnectionFailure(.untrusted(pin), reason: "the key of \(host) has changed"))
    return false
  }

  /// The handshake completed: the server has proved possession of the certificate's key.
  func handshakeCompleted() {
    guard let seen else { return fail(.handshake(with: host)) }
    guard end() else { return }
    promise.succeed(seen)
  }

  /// The connection broke. A server that sent no byte of TLS may have hung up because it does not speak TLS.
  func handshakeFailed() { if heardTLS { fail(.handshake(with: host)) } else { foundPlain(said: nil) } }

  func fail(_ failure: ConnectionFailure) {
    guard end() else { return }
    promise.fail(failure)
    channel.close(promise: nil)
  }

  private func end() -> Bool {
    guard !isOver else { return false }
    isOver = true
    for timer in timers { timer.cancel() }
    timers = []
    return true
  }
}

@available(*, unavailable)
extension TLSConnectAttempt: Sendable {}

extension Pin {
  /// - Returns: nil if the certificate's key cannot be read.
  init?(of certificate: NIOSSLCertificate) {
    guard let key = try? certificate.extractPublicKey().toSPKIBytes() else { return nil }
    self.init(Array(SHA256.hash(data: key)))
  }
}
