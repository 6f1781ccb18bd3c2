import NIOCore

// Input of telnet programs besides typed lines: commands of RFC 854, and erase keys of clients that send each key as it
// is pressed, as the one of Windows does. The frozen dialect is unaffected, because none of these bytes occurs in a
// valid line.

extension ByteBuffer {
  /// The length of the line that ends with the first CR NUL of these bytes, the carriage return of an NVT, which some
  /// clients send for the Enter key; nil if there is none.
  /// - Parameters:
  ///   - length: number of bytes to search.
  ///   - searched: number of bytes that were searched before, without a result.
  func lengthOfReturnedLine(within length: Int, after searched: Int) -> Int? {
    guard mayHoldTyping(in: searched..<max(length, searched)) else { return nil }
    let view = readableBytesView.prefix(length)
    var rest = view.dropFirst(searched)
    while let null = rest.firstIndex(of: 0) {
      if null > view.startIndex, view[view.index(before: null)] == UInt8(ascii: "\r") {
        return null - view.startIndex - 1
      }
      rest = rest[view.index(after: null)...]
    }
    return nil
  }

  /// The bytes as the user typed them: without leading telnet commands and without erased characters.
  func typed() -> ByteBuffer {
    guard mayHoldTyping(in: 0..<readableBytes) else { return self }
    var bytes = self
    bytes.dropCommands()
    let view = bytes.readableBytesView
    guard view.firstIndex(of: .backspace) != nil || view.firstIndex(of: .delete) != nil else { return bytes }
    var kept: [UInt8] = []
    for byte in view {
      guard byte == .backspace || byte == .delete else {
        kept.append(byte)
        continue
      }
      // A DEL directly after the verb is kept, because a text of DEL alone has always been an error.
      if byte == .delete, kept.last == .space, kept.firstIndex(of: .space) == kept.count - 1 {
        kept.append(byte)
        continue
      }
      // Erases all bytes of the last UTF-8 character, as a terminal does.
      while let last = kept.popLast(), last & 0xc0 == 0x80 {}
    }
    return ByteBuffer(bytes: kept)
  }

  /// Whether a byte may be a NUL, an erased character or the beginning of a telnet command, which almost no line has.
  private func mayHoldTyping(in range: Range<Int>) -> Bool {
    withUnsafeReadableBytes { bytes in
      bytes.first == TelnetCommand.interpretAsCommand
        || !UnsafeRawBufferPointer(rebasing: bytes.prefix(range.upperBound).dropFirst(range.lowerBound))
          .isFreeOfC0AndDelete
    }
  }

  /// Removes telnet commands at the beginning of a line. They occur only there: a client negotiates before the user
  /// types, and reports a key such as Ctrl+C after discarding the typed text. Other bytes are kept and rejected as
  /// invalid UTF-8.
  private mutating func dropCommands() {
    while readableBytesView.first == TelnetCommand.interpretAsCommand {
      guard let length = TelnetCommand.length(at: readableBytesView) else { return }
      moveReaderIndex(forwardBy: length)
    }
  }
}

private enum TelnetCommand {
  static let interpretAsCommand: UInt8 = 255
  private static let subnegotiationEnd: UInt8 = 240
  private static let subnegotiation: UInt8 = 250
  /// Assigned options. A larger number is more likely a letter.
  private static let options: ClosedRange<UInt8> = 0...49

  /// - Parameter bytes: begin with IAC.
  /// - Returns: nil if they are no command, or an incomplete one.
  static func length(at bytes: ByteBufferView) -> Int? {
    let bytes = bytes.prefix(512)
    func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[bytes.startIndex + offset] : nil }
    switch byte(1) {
    // NOP to GA; these have no operand.
    case .some(241...249): return 2
    // WILL, WON'T, DO, DON'T.
    case .some(251...254): return byte(2).map(options.contains) == true ? 3 : nil
    case subnegotiation:
      guard byte(2).map(options.contains) == true else { return nil }
      for offset in 3..<max(bytes.count, 3)
      where byte(offset) == interpretAsCommand && byte(offset + 1) == subnegotiationEnd { return offset + 2 }
      return nil
    default: return nil
    }
  }
}

extension UInt8 {
  fileprivate static let backspace: UInt8 = 0x08
  fileprivate static let delete: UInt8 = 0x7f
  fileprivate static let space: UInt8 = 0x20
}
