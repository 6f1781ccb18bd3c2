import ChatProtocol
import CommandSupport
import NIOCore
import Platform

/// One connection of the crowd. Works on bytes: reading a message takes a few nanoseconds, so that the server is the
/// bottleneck. Isolated to the crowd's event loop.
final class CrowdMember: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer
  typealias OutboundOut = ByteBuffer

  let index: Int
  private let crowd: Crowd
  private let message: BenchMessage
  private var context: ChannelHandlerContext?
  /// The beginning of an incomplete line.
  private var partial: [UInt8] = []
  private var isLeaving = false

  /// Number of messages read.
  private(set) var received = 0
  /// A hash of all messages read, in order: equal for two members that read the same.
  private(set) var digest: UInt64 = 0
  /// The messages that it sends; nil if it does not send.
  fileprivate(set) var speech: MessageSource?
  /// Checks every byte, on behalf of the members that only compare digests.
  private var checker: DeliveryChecker?
  /// The digits of the sender whose messages it acknowledges, in these messages: itself, or its partner. Nil if that one
  /// does not send.
  private let senderDigits: UInt64?
  /// Uses the dialect with tags.
  private let isTagged: Bool

  init(index: Int, crowd: Crowd, speech: MessageSource?, checker: DeliveryChecker?, isTagged: Bool) {
    self.index = index
    self.crowd = crowd
    self.speech = speech
    self.checker = checker
    self.isTagged = isTagged
    message = crowd.message
    let sender = message.recipient == .room ? index : BenchMessage.partner(of: index)
    senderDigits = speech.map { _ in BenchMessage.digits(of: sender) }
  }

  /// The member whose messages this one acknowledges.
  private var acknowledged: CrowdMember? {
    message.recipient == .room ? self : crowd.member(at: BenchMessage.partner(of: index))
  }

  // MARK: Writing

  func channelActive(context: ChannelHandlerContext) {
    self.context = context
    if isTagged { send("CAP REQ tags\n") }
    send("LOGIN \(BenchMessage.name(of: index))\n")
  }

  func ping() { send("PING\n") }

  func measure(_ isMeasuring: Bool) { speech?.isMeasuring = isMeasuring }

  /// Sends `QUIT` and ignores all further input.
  /// - Returns: succeeds when the server has closed the connection and thus released the name.
  func quit() -> EventLoopFuture<Void> {
    isLeaving = true
    send("QUIT\n")
    return context?.channel.closeFuture ?? crowd.eventLoop.makeSucceededVoidFuture()
  }

  func close() {
    isLeaving = true
    context?.close(promise: nil)
  }

  /// Sends messages until the maximum number is in flight.
  func talk() {
    guard let context, let lines = speech?.next(at: .now()) else { return }
    context.writeAndFlush(wrapOutboundOut(lines), promise: nil)
  }

  private func send(_ line: String) {
    guard let context else { return }
    context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: line)), promise: nil)
  }

  // MARK: Reading

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    if isLeaving { return }
    var arrived = unwrapInboundIn(data)
    let sender = acknowledged
    let wasUnderWay = sender?.speech?.underWay
    let complaint = read(&arrived, at: .now())
    if let complaint { return crowd.fail("client \(BenchMessage.name(of: index)) \(complaint)") }
    if let sender, let underWay = sender.speech?.underWay, underWay != wasUnderWay {
      if crowd.isTalking { sender.talk() } else if underWay == 0 { crowd.fellSilent() }
    }
    if crowd.awaitsDeliveries { crowd.fellSilent() }
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if !isLeaving { complain(error) }
    context.close(promise: nil)
  }

  private func complain(_ error: any Error) {
    crowd.fail("client \(BenchMessage.name(of: index)) lost its connection: \(error)")
  }

  func channelInactive(context: ChannelHandlerContext) {
    self.context = nil
    if !isLeaving { crowd.fail("the server hung up on client \(BenchMessage.name(of: index))") }
  }

  /// - Returns: an error in the received bytes; nil if there is none.
  private func read(_ arrived: inout ByteBuffer, at now: MonotonicTime) -> String? {
    if isTagged { return readTagged(&arrived, at: now) }
    if let first = partial.first {
      guard let length = length(ofLineBeginningWith: first) else { return surprise(arrived) }
      partial += arrived.readBytes(length: min(length - partial.count, arrived.readableBytes)) ?? []
      guard partial.count == length else { return nil }
      if let complaint = partial.withUnsafeBytes({ readLines($0, at: now).complaint }) { return complaint }
      partial.removeAll(keepingCapacity: true)
    }
    let (count, complaint) = arrived.withUnsafeReadableBytes { readLines($0, at: now) }
    if let complaint { return complaint }
    arrived.moveReaderIndex(forwardBy: count)
    if arrived.readableBytes > 0 { partial += arrived.readableBytesView }
    return nil
  }

  /// The length of a line by its first byte; nil for an unexpected byte.
  private func length(ofLineBeginningWith byte: UInt8) -> Int? {
    switch byte {
    case message.firstByte: message.deliveredBytes
    case UInt8(ascii: "P"): 5  // PONG
    case UInt8(ascii: "O"): 3  // OK
    default: nil
    }
  }

  /// Reads all complete lines.
  /// - Returns: their size in bytes, and an error in one of them.
  private func readLines(_ bytes: UnsafeRawBufferPointer, at now: MonotonicTime) -> (count: Int, complaint: String?) {
    // Local copies, because this loop takes most of the time.
    let (message, messageBytes) = (message, message.deliveredBytes)
    let firstByte = message.firstByte
    var position = 0
    while position < bytes.count {
      guard let length = length(ofLineBeginningWith: bytes[position]) else { return (position, surprise(bytes)) }
      guard bytes.count - position >= length else { return (position, nil) }
      let line = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)])
      guard let start = line.baseAddress, line[length - 1] == UInt8(ascii: "\n") else {
        return (position, surprise(line))
      }
      if length == messageBytes, line[0] == firstByte {
        if let complaint = hear(line, start, of: message, at: now) { return (position, complaint) }
      } else if !crowd.heardAnswer() {
        return (position, surprise(line))
      }
      position += length
    }
    return (position, nil)
  }

  /// - Parameter line: a message without tags, which begins at `start`.
  /// - Returns: an error in it.
  @inline(__always)
  private func hear(
    _ line: UnsafeRawBufferPointer, _ start: UnsafeRawPointer, of message: BenchMessage, at now: MonotonicTime
  ) -> String? {
    received += 1
    // The digest depends on the order of the messages as well as on their contents.
    digest = (digest &* 0x1_0000_0001_b3) ^ message.digest(of: start)
    if senderDigits == (start + message.senderOffset).loadUnaligned(as: UInt64.self) {
      let number = BenchMessage.number(at: start + message.numberOffset)
      if acknowledged?.speech?.hear(number, at: now) != true { return "did not get messages in their order" }
    } else if message.recipient == .partner {
      return "got a message of another pair: \(Self.text(line))"
    }
    if checker != nil, checker?.accepts(line, of: message) != true {
      return "got a message that was not sent, or not in this order: \(Self.text(line))"
    }
    return nil
  }

  /// Reads lines of any length. A message ends with the bytes of one without tags.
  private func readTagged(_ arrived: inout ByteBuffer, at now: MonotonicTime) -> String? {
    if !partial.isEmpty {
      let rest = arrived.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 - arrived.readerIndex }
      partial += arrived.readBytes(length: rest ?? arrived.readableBytes) ?? []
      guard rest != nil else { return nil }
      if let complaint = partial.withUnsafeBytes({ readTaggedLine($0, at: now) }) { return complaint }
      partial.removeAll(keepingCapacity: true)
    }
    let (count, complaint) = arrived.withUnsafeReadableBytes { bytes in
      var position = 0
      while position < bytes.count, let base = bytes.baseAddress,
        let end = memchr(base + position, Int32(UInt8(ascii: "\n")), bytes.count - position)
      {
        let next = base.distance(to: UnsafeRawPointer(end)) + 1
        let line = UnsafeRawBufferPointer(rebasing: bytes[position..<next])
        if let complaint = readTaggedLine(line, at: now) { return (position, String?.some(complaint)) }
        position = next
      }
      return (position, nil)
    }
    if let complaint { return complaint }
    arrived.moveReaderIndex(forwardBy: count)
    if arrived.readableBytes > 0 { partial += arrived.readableBytesView }
    return nil
  }

  private func readTaggedLine(_ line: UnsafeRawBufferPointer, at now: MonotonicTime) -> String? {
    let message = message
    let tags = line.count - message.deliveredBytes
    if tags >= 0, line[tags] == message.firstByte, tags == 0 || line[tags - 1] == UInt8(ascii: " "),
      let start = line.baseAddress
    {
      let content = UnsafeRawBufferPointer(rebasing: line[tags...])
      return hear(content, start + tags, of: message, at: now)
    }
    let text = String(decoding: line, as: UTF8.self)
    let isAnswered = ["OK LOGIN\n", "PONG\n"].contains { text.hasSuffix($0) }
    if isAnswered { return crowd.heardAnswer() ? nil : surprise(line) }
    return ["CAP ACK tags\n", "OK MSG\n", "OK DM\n"].contains { text.hasSuffix($0) } ? nil : surprise(line)
  }

  private func surprise(_ arrived: ByteBuffer) -> String { arrived.withUnsafeReadableBytes(surprise) }

  private func surprise(_ bytes: UnsafeRawBufferPointer) -> String {
    "got a line that nobody sent: \(Self.text(bytes))"
  }

  /// For an error message: shortened, and without control characters.
  private static func text(_ bytes: UnsafeRawBufferPointer) -> String {
    let line = bytes.prefix(100).prefix { $0 != UInt8(ascii: "\n") }
    return "'\(DisplayText.sanitize(String(decoding: line, as: UTF8.self)))'"
  }
}

@available(*, unavailable)
extension CrowdMember: Sendable {}
