import NIOCore

// What a telnet program sends besides the lines that are typed: RFC 854, and the keys of clients that send each key as
// it is pressed, as Windows' does. A line of a frozen dialect stays what it was: none of this was ever part of a line
// that meant something.

extension ByteBuffer {
  /// How long the line is that ends with the first CR NUL of these bytes, an NVT's carriage return, which some clients
  /// send for the Enter key; nil where there is none.
  /// - Parameters:
  ///   - length: of how many bytes.
  ///   - searched: so many of them have none.
  func lengthOfReturnedLine(within length: Int, after searched: Int) -> Int? {
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

  /// The bytes as a person typed them: without negotiation at the beginning, and without what they erased.
  func typed() -> ByteBuffer {
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
      // A text of DEL alone was always refused.
      if byte == .delete, kept.last == .space, kept.firstIndex(of: .space) == kept.count - 1 {
        kept.append(byte)
        continue
      }
      // As a terminal does with UTF-8: all bytes of the last character.
      while let last = kept.popLast(), last & 0xc0 == 0x80 {}
    }
    return ByteBuffer(bytes: kept)
  }

  /// Commands stand at the beginning of a line only: a client negotiates before anything is typed, and tells of a key
  /// such as Ctrl+C when it has thrown away what was typed. Anything that is no command is left as it is, to be refused
  /// as bytes that are no UTF-8.
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
  /// Those that are assigned. A larger number is more likely a letter.
  private static let options: ClosedRange<UInt8> = 0...49

  /// - Parameter bytes: begin with IAC.
  /// - Returns: nil where they are no command, or not all of one.
  static func length(at bytes: ByteBufferView) -> Int? {
    let bytes = bytes.prefix(512)
    func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[bytes.startIndex + offset] : nil }
    switch byte(1) {
    // No operation to go ahead; without an operand.
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
