import ChatProtocol
import NIOCore

/// One result of a decoder, compared byte for byte, because strings with different bytes may compare equal.
enum Outcome: Hashable, CustomStringConvertible {
  case line(tags: [String: String], text: [UInt8], hasControlCharacters: Bool)
  case fault(LineFault)

  init(_ result: Result<Line, LineFault>) {
    switch result {
    case .success(let line):
      self = .line(
        tags: NaiveSplit.tags(of: line.tags) ?? ["unreadable": ""], text: Array(line.text.utf8),
        hasControlCharacters: line.hasControlCharacters)
    case .failure(let fault): self = .fault(fault)
    }
  }

  static func text(_ text: String, tags: [String: String] = [:], flagged: Bool = false) -> Outcome {
    .line(tags: tags, text: Array(text.utf8), hasControlCharacters: flagged)
  }

  var description: String {
    switch self {
    case .line(let tags, let text, let isFlagged):
      let start = String(decoding: text.prefix(80), as: UTF8.self).debugDescription
      return "\(tags.isEmpty ? "" : "\(tags) ")\(start) of \(text.count)\(isFlagged ? " flagged" : "")"
    case .fault(let fault): return "\(fault)"
    }
  }
}

extension LineDecoder {
  /// All results after appending these bytes.
  mutating func outcomes(after bytes: some Sequence<UInt8>) -> [Outcome] {
    append(ByteBuffer(bytes: bytes))
    var outcomes: [Outcome] = []
    while let result = next() { outcomes.append(Outcome(result)) }
    return outcomes
  }

  mutating func outcomes(after text: String) -> [Outcome] { outcomes(after: text.utf8) }
}
