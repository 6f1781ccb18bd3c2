import ChatProtocol
import NIOCore
import Platform

extension CrowdMember {
  /// The longest line that a member keeps while it is incomplete: more than a server may send.
  private static let longestLine = 16 * 1024

  /// - Returns: an error in the received bytes; nil if there is none.
  func read(_ arrived: inout ByteBuffer, at now: MonotonicTime) -> String? {
    if isTagged { return readTagged(&arrived, at: now) }
    if let first = partial.first {
      guard let length = length(ofLineBeginningWith: first) else { return partial.withUnsafeBytes(unexpected) }
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
      guard let length = length(ofLineBeginningWith: bytes[position]) else {
        return (position, unexpected(UnsafeRawBufferPointer(rebasing: bytes[position...])))
      }
      guard bytes.count - position >= length else { return (position, nil) }
      let line = UnsafeRawBufferPointer(rebasing: bytes[position..<(position + length)])
      guard let start = line.baseAddress, line[length - 1] == UInt8(ascii: "\n") else {
        return (position, unexpected(UnsafeRawBufferPointer(rebasing: bytes[position...])))
      }
      if length == messageBytes, line[0] == firstByte {
        if let complaint = hear(line, start, of: message, at: now) { return (position, complaint) }
      } else if !heardAnswer(isPong: line[0] == UInt8(ascii: "P")) {
        return (position, unexpected(line))
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
      guard let latency = acknowledged?.source?.hear(number, at: now) else {
        return "did not get messages in their order"
      }
      crowd.heardMessage(after: latency)
    } else if message.recipient == .partner {
      return "got a message of another pair: \(DisplayText.quoted(line))"
    }
    if checker != nil, checker?.accepts(line, of: message) != true {
      return "got a message that was not sent, or not in this order: \(DisplayText.quoted(line))"
    }
    return nil
  }

  /// Reads lines of any length. A message ends with the bytes of one without tags.
  private func readTagged(_ arrived: inout ByteBuffer, at now: MonotonicTime) -> String? {
    if !partial.isEmpty {
      let rest = arrived.readableBytesView.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 - arrived.readerIndex }
      partial += arrived.readBytes(length: rest ?? arrived.readableBytes) ?? []
      guard rest != nil else { return partialComplaint }
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
    return partialComplaint
  }

  private var partialComplaint: String? {
    partial.count > Self.longestLine ? partial.withUnsafeBytes(unexpected) : nil
  }

  private func readTaggedLine(_ line: UnsafeRawBufferPointer, at now: MonotonicTime) -> String? {
    // The message of the day follows the login; its lines may have the length of a message.
    if received == 0, line.starts(with: "MOTD".utf8) { return nil }
    let message = message
    let tags = line.count - message.deliveredBytes
    if tags >= 0, line[tags] == message.firstByte, tags == 0 || line[tags - 1] == UInt8(ascii: " "),
      let start = line.baseAddress
    {
      let content = UnsafeRawBufferPointer(rebasing: line[tags...])
      return hear(content, start + tags, of: message, at: now)
    }
    let text = String(decoding: line, as: UTF8.self)
    let isPong = text.hasSuffix("PONG\n")
    if isPong || text.hasSuffix("OK LOGIN\n") { return heardAnswer(isPong: isPong) ? nil : unexpected(line) }
    return ["CAP ACK tags\n", "OK MSG\n", "OK DM\n"].contains { text.hasSuffix($0) } ? nil : unexpected(line)
  }
}
