/// The text that a program prints on a terminal, without the sequences for cursor movement and colours: ECMA-48 and
/// xterm's strings.
struct PrintedText {
  /// The visible bytes, in the order of printing.
  private(set) var bytes: [UInt8] = []
  private var state = State.text

  private enum State {
    case text
    case escape
    /// `ESC ( B` and similar sequences: one byte is left.
    case designation
    case control
    /// Ends in BEL, or in `ESC \`.
    case string
    case stringEscape
  }

  mutating func append(_ printed: some Sequence<UInt8>) {
    for byte in printed { state = next(byte) }
  }

  mutating func forget() { bytes = [] }

  func contains(_ text: [UInt8]) -> Bool {
    guard let first = text.first, bytes.count >= text.count else { return false }
    return bytes.indices.dropLast(text.count - 1).contains { start in
      bytes[start] == first && bytes[start..<(start + text.count)].elementsEqual(text)
    }
  }

  private mutating func next(_ byte: UInt8) -> State {
    switch (state, byte) {
    case (.string, 0x07): return .text
    case (.string, 0x1b): return .stringEscape
    case (.string, _): return .string
    case (.stringEscape, _): return byte == UInt8(ascii: "\\") ? .text : .string
    case (_, 0x1b): return .escape
    case (.escape, UInt8(ascii: "[")): return .control
    case (.escape, UInt8(ascii: "]")), (.escape, UInt8(ascii: "P")): return .string
    case (.escape, 0x20...0x2f): return .designation
    case (.escape, _), (.designation, _): return .text
    case (.control, 0x40...0x7e): return .text
    case (.control, _): return .control
    case (.text, _):
      if byte >= 0x20, byte != 0x7f { bytes.append(byte) }
      return .text
    }
  }
}
