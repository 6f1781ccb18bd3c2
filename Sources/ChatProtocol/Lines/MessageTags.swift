import NIOCore

/// The tags of a stored message: its time and position. Written without creating a string for each number, because
/// every tagged reader of every message receives them.
public struct MessageTags: Hashable, Sendable {
  public var time: Timestamp
  public var sequence: Int
  public var id: Int
  /// Nil in a direct conversation.
  public var room: RoomName?
  public var isRedacted: Bool
  public var form: LineForm

  public init(
    time: Timestamp, sequence: Int, id: Int, room: RoomName?, isRedacted: Bool, form: LineForm = .verbatim
  ) {
    self.time = time
    self.sequence = sequence
    self.id = id
    self.room = room
    self.isRedacted = isRedacted
    self.form = form
  }

  /// Appends the tags and the space that follows them: the same bytes as writing the equal `Tags`.
  public func write(into buffer: inout ByteBuffer) {
    buffer.append("@time=")
    buffer.append(time)
    buffer.append(form == .part ? ";part=" : ";seq=")
    buffer.append(number: sequence)
    buffer.append(";id=")
    buffer.append(number: id)
    // Lines without a room tag belong to the lobby.
    if let room, room != .lobby {
      buffer.append(";room=")
      Tags.escape(room.text, into: &buffer)
    }
    if isRedacted { buffer.append(";removed") }
    if form == .escaped { buffer.append(";lines") }
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
