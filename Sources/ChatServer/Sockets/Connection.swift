import ChatHub
import ChatProtocol
import NIOCore

/// One socket: bytes in, lines out to the hub's driver, and the driver's bytes back. Lives on the event loop.
final class Connection: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let id: SessionID
  let driver: HubDriver
  let limits: SendQueueLimits
  /// It came through the host's control socket.
  private let isControl: Bool
  private(set) var context: ChannelHandlerContext?
  /// Of the socket's other end; a socket that is closed has none.
  private var remotePlace = "unknown"
  /// The header from the proxy that the connection came through; nil: it came directly.
  var proxyHeader: ProxyHeader?
  private var decoder = LineDecoder(allowsTags: false, allowsTyping: true)
  var state = State.open
  var encryption = Encryption.none

  enum State {
    case open
    /// The hub is done with it; what was written is being sent, and what still comes is thrown away.
    case finishing
  }

  /// The last thing that went wrong with the socket.
  private var hasFailed = false
  private(set) var isInputClosed = false
  /// Why nothing is read at present; empty while lines are taken as they come.
  private var pauses: Pauses = []

  // Not together in one value, which would be checked for exclusive use with every line to every reader.
  /// Bytes that were written and not flushed.
  var unflushed = 0
  /// Lines for this session alone, and where they end, while there are few.
  var own = ByteBuffer()
  var ownEnds: [Int] = []
  /// Whether there were such lines in this turn of the event loop.
  var isTouched = false

  /// What the session speaks.
  var dialect: Capabilities = [] {
    didSet {
      decoder.allowsTags = dialect.contains(.tags)
      limitQueue()
    }
  }

  /// Its places in the room channels of the rooms that it hears of.
  var subscriptions: [Subscription] = []
  /// While it reads too slowly: the rooms that it would hear of.
  var missedRooms: Set<RoomName>?
  /// More waits for it than it is to have, and it is told what it missed when it has read that.
  var isLagging = false

  /// Reasons to read nothing.
  struct Pauses: OptionSet {
    let rawValue: UInt8

    /// There are lines that were read and not taken.
    static let catchingUp = Pauses(rawValue: 1 << 0)
    /// Too much of what it sent waits in the hub.
    static let held = Pauses(rawValue: 1 << 1)
    /// Too much waits to be stored.
    static let storing = Pauses(rawValue: 1 << 2)
    /// It does not read the answers.
    static let lagging = Pauses(rawValue: 1 << 3)
    /// Nobody is listened to any more.
    static let ending = Pauses(rawValue: 1 << 4)
  }

  init(id: SessionID, driver: HubDriver, limits: SendQueueLimits, isControl: Bool = false) {
    self.id = id
    self.driver = driver
    self.limits = limits
    self.isControl = isControl
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
    // Checks of a proxy are many, and are nobody's.
    case .local?: return Peer(address: nil, isHost: false)
    case nil: break
    }
    let address = context?.remoteAddress.flatMap { IPAddress($0) }
    return Peer(address: address, isHost: driver.peerTrust.trustsLoopback && address?.isLoopback == true)
  }

  // MARK: Bytes in

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    remotePlace = context.remoteAddress?.hostAndPort ?? remotePlace
    driver.open(self)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard state == .open else { return }
    decoder.append(unwrapInboundIn(data))
    if pauses.isEmpty { takeLines() }
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if noticeHandshake(event) { return }
    guard let event = event as? ChannelEvent, event == .inputClosed else {
      return context.fireUserInboundEventTriggered(event)
    }
    isInputClosed = true
    if pauses.isEmpty { endInput() }
  }

  /// So many lines of one client are taken in one turn, or fewer that make the server send much; then it is the
  /// others' turn. A flood would otherwise hold everybody up for as long as reading one socket's buffer takes.
  private static let linesPerTurn = 256

  private func takeLines() {
    var taken = 0
    let start = driver.turn.work
    while state == .open, pauses.isSubset(of: .catchingUp), let line = decoder.next() {
      driver.apply(.received(id, line))
      taken += 1
      guard taken < Self.linesPerTurn, !driver.turn.isOver(since: start) else { return catchUpLater() }
    }
    guard pauses.remove(.catchingUp) != nil, pauses.isEmpty else { return }
    setReading(true)
    if isInputClosed { endInput() }
  }

  private func catchUpLater() {
    guard context != nil else { return }
    pause(.catchingUp)
    driver.postpone { self.takeLines() }
  }

  /// Takes no more lines, from the next on.
  func pause(_ reason: Pauses) {
    if pauses.isEmpty { setReading(false) }
    pauses.insert(reason)
  }

  /// Where no other reason is left, goes on with the lines that were read and not taken.
  func resume(_ reason: Pauses) {
    guard pauses.remove(reason) != nil, pauses.isEmpty else { return }
    catchUpLater()
  }

  /// Reads whatever stood against it: what comes is thrown away, but for the end.
  func ignoreInput() {
    guard !pauses.isEmpty else { return }
    pauses = []
    setReading(true)
  }

  private func setReading(_ isReading: Bool) {
    // Fails on a socket that is closed, and then it does not matter.
    try? context?.channel.syncOptions?.setOption(.autoRead, value: isReading)
  }

  /// The other side may only have closed its half, and still wait for answers: they are sent before the rest is closed.
  private func endInput() {
    if state == .open { driver.apply(.finished(id)) }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if Self.isMereEnd(error) { return }
    hasFailed = true
    closeAtOnce()
  }

  func channelInactive(context: ChannelHandlerContext) {
    driver.disconnected(self, reason: hasFailed ? .lost : .closed)
    self.context = nil
    encryption = .none
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
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
