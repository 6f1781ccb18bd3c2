import ChatDialects
import ChatHub
import ChatProtocol
import NIOCore

/// One socket: passes requests to the driver, and writes the driver's output, both in the dialect of the client. Lives
/// on the event loop.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  // The properties that each delivery uses are the first ones, to share few cache lines. They are not in a struct, which
  // would be checked for exclusive access with every line to every reader.
  let driver: HubDriver
  private(set) var context: ChannelHandlerContext?
  /// Bytes written but not flushed.
  var unflushed = 0
  /// The output written since the last flush, as long as it is in one buffer and can bypass the channel.
  var single: ByteBuffer?
  /// The socket, for output that bypasses the channel; -1 if all output goes through the channel.
  var descriptor: Int32 = -1
  /// Whether the channel may hold output that the socket has not accepted. Later output must not bypass it.
  var isChannelBusy = false
  var state = State.open
  /// Whether the fan-out calls `endIteration` at the end of this iteration of the event loop.
  var isTouched = false
  /// Each line travels in a packet of its own while the load is low.
  private(set) var usesPacketPerLine: Bool
  /// A client that can resume may miss published lines while it reads too slowly; any other is disconnected.
  private(set) var mayLag: Bool
  /// Lines for this session alone.
  var own = CountedLines(mostWrites: 8)
  /// Published lines that are sent before or between the lines for this session alone.
  var noted: [NotedLines] = []

  let id: SessionID
  let limits: SendQueueLimits
  /// The connection uses the host's control socket.
  private let isControl: Bool
  /// The remote address; kept because a closed socket has none.
  private var remotePlace = "unknown"
  /// The header from the proxy; nil for a direct connection.
  var proxyHeader: ProxyHeader?
  let dialect: any Dialect
  var encryption = Encryption.none
  /// Whether the client's first bytes have been read, which tell whether it uses TLS.
  var isBypassDecided = false

  /// Published lines, and their place: the end of the lines for this session alone that are sent before them.
  struct NotedLines {
    let ownEnd: Int
    var slice: PublishedLines.Slice
  }

  enum State {
    case open
    /// The hub has ended the session; pending output is being sent, and input is discarded.
    case finishing
  }

  /// Whether the socket has failed.
  private var hasFailed = false
  private(set) var isInputClosed = false
  /// Why the channel has closed, while requests that were read before are being handled.
  private var closed: LeaveReason?
  /// The reasons why reading is paused; empty while requests are accepted.
  private var pauses: Pauses = []
  /// At most one request, which waits for the next iteration. An array, because a request has 120 bytes.
  private var putOff: [Request] = []

  /// The group of readers that the connection shares lines with; nil until it is needed.
  var dialectGroup: DialectGroup?
  /// The connection's subscriptions in the room channels.
  var subscriptions: [Subscription] = []
  /// The rooms to subscribe to again after lagging; nil while the connection does not lag.
  var missedRooms: Set<RoomName>?
  /// The send queue is above its soft limit: published lines are suspended until it has drained.
  var isLagging = false

  /// Reasons to pause reading.
  struct Pauses: OptionSet {
    let rawValue: UInt8

    /// Requests have been read from the socket but not handled.
    static let catchingUp = Pauses(rawValue: 1 << 0)
    /// Too much of the session's input waits in the hub.
    static let held = Pauses(rawValue: 1 << 1)
    /// Too many messages wait to be stored.
    static let storing = Pauses(rawValue: 1 << 2)
    /// The client does not read its answers.
    static let lagging = Pauses(rawValue: 1 << 3)
    /// The server is shutting down.
    static let ending = Pauses(rawValue: 1 << 4)
  }

  /// - Parameter dialect: of this connection alone.
  init(
    id: SessionID, driver: HubDriver, dialect: any Dialect, limits: SendQueueLimits, isControl: Bool = false
  ) {
    self.id = id
    self.driver = driver
    self.dialect = dialect
    self.limits = limits
    self.isControl = isControl
    usesPacketPerLine = dialect.sharedForm.usesPacketPerLine
    mayLag = dialect.capabilities.contains(.resume)
  }

  /// Changes the capabilities. The connection must be in no room channel.
  func agree(on capabilities: Capabilities) {
    dialect.capabilities = capabilities
    dialectGroup = nil
    usesPacketPerLine = dialect.sharedForm.usesPacketPerLine
    mayLag = dialect.capabilities.contains(.resume)
    limitQueue()
  }

  /// For the operator's log.
  var place: String {
    if isControl { return "control" }
    guard case .client(let address, let port)? = proxyHeader else { return remotePlace }
    let host = address.bytes.count == 4 ? "\(address)" : "[\(address)]"
    return "\(host):\(port) through \(remotePlace)"
  }

  var peer: Peer {
    if isControl { return Peer(address: nil, isHost: true, isControl: true) }
    switch proxyHeader {
    case .client(let address, _)?: return Peer(address: address, isHost: false)
    // Health checks of a proxy are frequent, and belong to no address.
    case .local?: return Peer(address: nil, isHost: false)
    case nil: break
    }
    let address = context?.remoteAddress.flatMap { IPAddress($0) }
    return Peer(address: address, isHost: driver.peerTrust.trustsLoopback && address?.isLoopback == true)
  }

  // MARK: Reading

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    remotePlace = context.remoteAddress?.hostAndPort ?? remotePlace
    if mayLag { limitQueue() }
    driver.open(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state == .open else { return }
    if !isBypassDecided { decideBypass(context) }
    dialect.append(unwrapInboundIn(data))
    if pauses.isEmpty { takeRequests() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if noticeHandshake(event) { return }
    guard let event = event as? ChannelEvent, event == .inputClosed else {
      return context.fireUserInboundEventTriggered(event)
    }
    isInputClosed = true
    if pauses.isEmpty { endInput() }
  }

  /// The maximum number of requests of one client per iteration; fewer if they cause much output. Otherwise one client
  /// could delay all others for as long as reading its socket buffer takes.
  private static let requestsPerIteration = 256

  private func takeRequests() {
    var taken = 0
    let start = driver.iteration.work
    while state == .open, pauses.isSubset(of: .catchingUp), let request = putOff.popLast() ?? dialect.next() {
      driver.handleEnds(before: request)
      guard !driver.mustWait(request) else {
        putOff = [request]
        return catchUpLater(hasHadShare: taken > 0)
      }
      if request.asksForList {
        driver.applyList(.received(id, request))
      } else {
        driver.apply(.received(id, request))
      }
      taken += 1
      guard taken < Self.requestsPerIteration, !driver.iteration.isOver(since: start) else {
        return catchUpLater(hasHadShare: true)
      }
    }
    guard pauses.remove(.catchingUp) != nil, pauses.isEmpty else { return }
    setReading(true)
    if isInputClosed { endInput() }
    reportClosed()
  }

  /// Continues in the next iteration, also after the client has closed the connection: what it sent is carried out.
  /// - Parameter hasHadShare: whether requests of this client were handled in this iteration; other clients come first
  ///   in the next one.
  private func catchUpLater(hasHadShare: Bool) {
    pause(.catchingUp)
    driver.postpone(behindOthers: hasHadShare) { self.takeRequests() }
  }

  /// Stops handling requests, starting with the next.
  func pause(_ reason: Pauses) {
    if pauses.isEmpty { setReading(false) }
    pauses.insert(reason)
    if !carriesOutRest { reportClosed() }
  }

  /// Removes a reason; if none is left, continues with the requests that were read but not handled.
  func resume(_ reason: Pauses) {
    guard pauses.remove(reason) != nil, pauses.isEmpty else { return }
    catchUpLater(hasHadShare: false)
  }

  /// Reads despite all reasons to pause: input is discarded, except for its end.
  func ignoreInput() {
    guard !pauses.isEmpty else { return }
    pauses = []
    setReading(true)
  }

  private func setReading(_ isReading: Bool) {
    // Fails only on a closed socket, which needs no change.
    try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
  }

  /// The client may only have closed its sending direction and still wait for answers, which are sent before the
  /// connection is closed.
  private func endInput() {
    guard state == .open else { return }
    driver.ended(self, .inputClosed)
  }

  /// Whether all requests have been handled, after the end of input.
  var hasNoMoreRequests: Bool { state == .open && pauses.isEmpty }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if Self.isMereEnd(error) { return }
    hasFailed = true
    closeAtOnce()
  }

  func channelInactive(context: ChannelHandlerContext) {
    endBypass()
    closed = hasFailed ? .lost : .closed
    self.context = nil
    encryption = .none
    // The client reads no more answers.
    resume(.lagging)
    if state == .finishing || pauses.isEmpty || !carriesOutRest { reportClosed() }
    context.fireChannelInactive()
  }

  /// Whether requests that were read before the channel closed are carried out: not during shutdown, and not if they
  /// have to wait in the hub and the connection broke, or lagged: the hub answers no questions of a session that lags, so
  /// that the requests behind them would wait for ever.
  private var carriesOutRest: Bool {
    if pauses.contains(.ending) { return false }
    return !(pauses.contains(.held) && (closed == .lost || isLagging))
  }

  /// Reports once that the channel has closed, if it has.
  func reportClosed() {
    guard let closed else { return }
    self.closed = nil
    driver.ended(self, .closed(closed))
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    // Also called while the channel closes its socket.
    if !context.channel.isActive { endBypass() }
    if context.channel.isWritable { catchUpReading() }
    context.fireChannelWritabilityChanged()
  }

  func moveSubscription(in roomChannel: RoomChannel, to index: Int) {
    guard let place = subscriptions.firstIndex(where: { $0.roomChannel === roomChannel }) else { return }
    subscriptions[place].index = index
  }
}

@available(*, unavailable)
extension Connection: Sendable {}
