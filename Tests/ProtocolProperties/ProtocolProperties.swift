import ChatProtocol
import NIOCore

/// Properties that hold for any input. Tests use random bytes, and the fuzzer uses inputs that it generates.
package enum ProtocolProperties {
  /// - Parameter input: the first two bytes choose the limits, the dialect and how the rest is split.
  /// - Returns: a violated property; nil if all hold.
  package static func violation(of input: [UInt8]) -> String? {
    guard input.count > 2 else { return nil }
    let bytes = input[2...]
    let limits = input[0] & 1 == 0 ? LineLimits() : LineLimits(line: 80, tags: 60)
    let allowsTags = input[0] & 2 == 0
    let pieces = [Int(input[1] % 23) + 1, Int(input[1] / 23) + 1]
    let allowsTyping = input[0] & 4 != 0
    var whole = StreamReader(limits, allowsTags, allowsTyping)
    whole.read(bytes)
    for sizes in [[1], pieces] {
      var cut = StreamReader(limits, allowsTags, allowsTyping)
      cut.read(bytes, inPiecesOf: sizes)
      if cut.outcomes != whole.outcomes { return "cut into \(sizes) it reads \(cut.outcomes), not \(whole.outcomes)" }
      if cut.held != whole.held { return "cut into \(sizes) \(cut.held) bytes are held, not \(whole.held)" }
    }
    if whole.mostHeld > limits.line + limits.tags + 3 { return "\(whole.mostHeld) bytes were held" }
    for line in whole.lines {
      if let violation = MessageProperties.violation(of: line) { return "\(line): \(violation)" }
      if let violation = TextProperties.violation(of: line.text) { return "\(line): \(violation)" }
    }
    return nil
  }
}

/// Reads a stream to its end and records the results.
private struct StreamReader {
  private var decoder: LineDecoder
  private(set) var lines: [Line] = []
  /// Compared byte by byte, because strings with different bytes may compare equal.
  private(set) var outcomes: [[UInt8]] = []
  private(set) var mostHeld = 0

  init(_ limits: LineLimits, _ allowsTags: Bool, _ allowsTyping: Bool) {
    decoder = LineDecoder(limits: limits, allowsTags: allowsTags, allowsTyping: allowsTyping)
  }

  var held: Int { decoder.heldBytes }

  mutating func read(_ bytes: ArraySlice<UInt8>) {
    decoder.append(ByteBuffer(bytes: bytes))
    while let result = decoder.next() {
      switch result {
      case .success(let line):
        lines.append(line)
        outcomes.append(Array("\(line.hasControlCharacters) \(line.tags) \(line.text)".utf8))
      case .failure(let fault): outcomes.append(Array("\(fault)".utf8))
      }
    }
    mostHeld = max(mostHeld, decoder.heldBytes)
  }

  mutating func read(_ bytes: ArraySlice<UInt8>, inPiecesOf sizes: [Int]) {
    var rest = bytes
    var turn = 0
    while !rest.isEmpty {
      read(rest.prefix(sizes[turn % sizes.count]))
      rest = rest.dropFirst(sizes[turn % sizes.count])
      turn += 1
    }
  }
}
