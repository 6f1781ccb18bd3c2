import ChatModel
import ChatProtocol
import NIOCore
import NIOPosix
import Platform

/// Carries out a `ConnectionRace`: resolves names, connects, and closes all connections but the first complete one.
/// Belongs to its event loop.
final class ConnectionAttempts {
  /// Finds the addresses of a host, in the order of the system's preference.
  typealias Resolve = @Sendable (HostPort, any EventLoop) -> EventLoopFuture<[SocketAddress]>

  struct Connected: Sendable {
    var channel: any Channel
    /// Nil for an unencrypted connection.
    var pin: Pin?
    var arrival: Arrival
  }

  /// No address could be connected.
  struct Failed: Error {
    var last: ConnectionFailure
    /// Oldest first.
    var earlier: [ConnectionFailure]
  }

  private static let lookupPatience = TimeAmount.seconds(10)

  private let loop: any EventLoop
  private let security: ClientSession.Security
  private let resolve: Resolve
  private let promise: EventLoopPromise<Connected>
  private var race: ConnectionRace
  private var addresses: [HostRecord: SocketAddress] = [:]
  /// Connections whose handshake is not complete.
  private var channels: [HostRecord: any Channel] = [:]
  private var timer: Scheduled<Void>?
  private var isOver = false

  /// Fulfilled on the loop, in the same turn in which the handshake completes and before anything is decrypted, so that
  /// a reader added then misses nothing. A plain channel does not read by itself yet. Fails with `Failed`.
  var result: EventLoopFuture<Connected> { promise.futureResult }

  /// - Parameter resolve: nil for the system's resolver.
  init(
    _ plan: ConnectionPlan, _ security: ClientSession.Security, on loop: any EventLoop, resolve: Resolve? = nil
  ) {
    self.loop = loop
    self.security = security
    self.resolve = resolve ?? Self.addresses
    promise = loop.makePromise()
    race = ConnectionRace(plan, at: Moment.present.now)
  }

  /// Call once.
  func start() { perform(race.start(at: Moment.present.now)) }

  /// Closes all connections but the one that `result` has delivered. Later results of the attempts are ignored.
  func cancel() {
    guard end() else { return }
    promise.fail(CancellationError())
  }

  private func end() -> Bool {
    guard !isOver else { return false }
    isOver = true
    timer?.cancel()
    timer = nil
    let rest = channels.values
    channels = [:]
    for channel in rest { channel.close(promise: nil) }
    return true
  }

  // MARK: Actions

  private func perform(_ actions: [ConnectionRace.Action]) {
    for action in actions {
      switch action {
      case .resolve(let host): look(up: host)
      case .connect(let record): connect(to: record)
      case .giveUp: giveUp()
      }
    }
    schedule()
  }

  private func schedule() {
    timer?.cancel()
    timer = nil
    guard !isOver, let deadline = race.deadline else { return }
    let bound = NIOLoopBound(self, eventLoop: loop)
    timer = loop.scheduleTask(deadline: NIODeadline(deadline)) {
      let attempts = bound.value
      attempts.perform(attempts.race.timer(at: Moment.present.now))
    }
  }

  private func giveUp() {
    var failures = race.failures
    let last =
      failures.popLast() ?? ConnectionFailure(.nothingLeft, reason: "there is no other host left to try")
    guard end() else { return }
    promise.fail(Failed(last: last, earlier: failures))
  }

  private func look(up host: HostPort) {
    let bound = NIOLoopBound(self, eventLoop: loop)
    let patience = loop.scheduleTask(in: Self.lookupPatience) {
      let late = ConnectionFailure(
        .timedOut, reason: "timed out: no answer from the name servers about \(host.host)",
        at: HostRecord(host: host, address: nil))
      bound.value.found(host, .failure(late))
    }
    resolve(host, loop).hop(to: loop).whenComplete { result in
      patience.cancel()
      bound.value.found(host, result.mapError { ConnectionFailure($0, at: HostRecord(host: host, address: nil)) })
    }
  }

  private func found(_ host: HostPort, _ result: Result<[SocketAddress], ConnectionFailure>) {
    guard !isOver else { return }
    let now = Moment.present.now
    switch result {
    case .failure(let failure): perform(race.unresolved(host, failure, at: now))
    case .success(let found):
      var texts: [String] = []
      for address in found {
        guard let text = address.ipAddress else { continue }
        addresses[HostRecord(host: host, address: text)] = address
        texts.append(text)
      }
      guard !texts.isEmpty else {
        let record = HostRecord(host: host, address: nil)
        return perform(race.unresolved(host, ConnectionFailure(HostLookup.noAddress, at: record), at: now))
      }
      perform(race.resolved(host, texts, at: now))
    }
  }

  private func connect(to record: HostRecord) {
    let bound = NIOLoopBound(self, eventLoop: loop)
    do {
      let address =
        try addresses[record] ?? SocketAddress(ipAddress: record.address ?? record.host.host, port: record.host.port)
      Connector.connect(to: address, of: record.host, security, on: loop) { channel in
        bound.value.reached(record, channel)
      }.whenComplete { result in bound.value.completed(record, result) }
    } catch {
      // Not at once: `perform` is still carrying out the actions of the race.
      let failure = ConnectionFailure(error, at: record)
      loop.execute { bound.value.completed(record, .failure(failure)) }
    }
  }

  private func reached(_ record: HostRecord, _ channel: any Channel) {
    guard !isOver else { return channel.close(promise: nil) }
    channels[record] = channel
    race.reached(record, at: Moment.present.now)
    schedule()
  }

  private func completed(_ record: HostRecord, _ result: Result<Connector.OpenChannel, any Error>) {
    channels[record] = nil
    switch result {
    case .success(let connected):
      guard end() else { return connected.channel.close(promise: nil) }
      let arrival = Arrival(record: record, siblings: race.siblings(of: record), failures: race.failures)
      promise.succeed(Connected(channel: connected.channel, pin: connected.pin, arrival: arrival))
    case .failure(let error):
      guard !isOver else { return }
      perform(race.failed(record, ConnectionFailure(error, at: record), at: Moment.present.now))
    }
  }

  // MARK: The system's resolver

  /// Does not block.
  private static let addresses: Resolve = { host, loop in
    NIOThreadPool.singleton.runIfActive(eventLoop: loop) {
      try HostLookup.addresses(of: host.host, port: host.port, isForListening: false).map { address in
        switch address {
        case .v4(let four): SocketAddress(four, host: host.host)
        case .v6(let six): SocketAddress(six, host: host.host)
        }
      }
    }
  }
}

@available(*, unavailable)
extension ConnectionAttempts: Sendable {}
