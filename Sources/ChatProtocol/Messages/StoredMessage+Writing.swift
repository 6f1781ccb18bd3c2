import NIOCore

extension StoredMessage {
  /// Appends the line that the members of the message's room receive: `MSG`, or `TOPIC` for a new topic. For a session
  /// with `tags` the line starts with the message's time and position. Appends nothing for a dialect without a form for
  /// the message.
  ///
  /// The result equals that of writing a `ServerMessage` with `Tags`, without creating a string for each number.
  public func write(into buffer: inout ByteBuffer, for dialect: Capabilities) {
    guard isKnown(in: dialect) else { return }
    if dialect.contains(.tags) { writeTags(into: &buffer) }
    let message: ServerMessage =
      switch kind {
      case .text: .message(from: author, text: text)
      case .topic: .topic(from: author, text: text)
      case .removed: .message(from: author, text: Self.removedText)
      }
    message.write(into: &buffer, for: dialect)
  }

  /// Whether sessions with these capabilities receive the message.
  public func isKnown(in dialect: Capabilities) -> Bool { kind != .topic || dialect.contains(.rooms) }

  /// The text shown for a removed message.
  public static let removedText = "(removed)"

  private func writeTags(into buffer: inout ByteBuffer) {
    buffer.append("@time=")
    buffer.append(time)
    buffer.append(";seq=")
    buffer.append(number: sequence)
    buffer.append(";id=")
    buffer.append(number: id)
    if case .room(let room) = conversation, room != .lobby {
      buffer.append(";room=")
      Tags.escape(room.text, into: &buffer)
    }
    if kind == .removed { buffer.append(";removed") }
    buffer.append(UInt8(ascii: " "))
  }
}

extension ByteBuffer {
  /// In decimal digits.
  fileprivate mutating func append(number: Int) {
    guard number >= 0 else { return append(String(number)) }
    // No 64-bit number has more digits.
    writeWithUnsafeMutableBytes(minimumWritableBytes: 20) { bytes in
      var count = 1
      var rest = number / 10
      while rest > 0 {
        count += 1
        rest /= 10
      }
      rest = number
      for place in (0..<count).reversed() {
        bytes[place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
      return count
    }
  }
}
