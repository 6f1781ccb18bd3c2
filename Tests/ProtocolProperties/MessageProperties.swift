import ChatProtocol
import NIOCore

/// A message that was read and is written again has the same meaning and is one line.
enum MessageProperties {
  private static let dialects: [Capabilities] = [[], .presence, .tags, .all]

  static func violation(of line: Line) -> String? {
    for dialect in dialects {
      // A text that has only one line is not escaped again.
      let tags = dialect.contains(.lines) ? line.tags : unescaped(line.tags)
      if let message = try? ClientMessage(reading: line, in: dialect) {
        let once = written { message.write(into: &$0, tags: tags) }
        switch message {
        case .message, .direct, .say:
          if message.lineBytes > LineLimits().line { return "\(once.debugDescription) is longer than it was" }
        default: break
        }
        guard let again = decoded(once) else { return "\(once.debugDescription) is not one line" }
        guard unescaped(again.tags) == unescaped(line.tags) else { return "\(again.tags) was \(line.tags)" }
        guard let same = try? ClientMessage(reading: again, in: dialect) else {
          return "\(once.debugDescription) cannot be read again"
        }
        let twice = written { same.write(into: &$0, tags: again.tags) }
        if Array(once.utf8) != Array(twice.utf8) { return "\(once.debugDescription) became \(twice.debugDescription)" }
      }
      if let violation = serverViolation(of: line, in: dialect) { return violation }
    }
    return nil
  }

  private static func serverViolation(of line: Line, in dialect: Capabilities) -> String? {
    let message = ServerMessage(reading: line, in: dialect)
    // From a server without capabilities a colon after a name is not a part of it, so the name differs.
    guard !dialect.isEmpty, message.isKnown(in: dialect) else { return nil }
    switch message {
    // An unrecognised message is not written again, and without tags the verb is not sent.
    case .unrecognised: return nil
    case .ok where !dialect.contains(.tags): return nil
    default: break
    }
    let once = written { message.write(into: &$0, for: dialect, tags: unescaped(line.tags)) }
    guard let again = decoded(once, allowsTags: dialect.contains(.tags)) else {
      return "\(once.debugDescription) is not one line"
    }
    let same = ServerMessage(reading: again, in: dialect)
    let twice = written { same.write(into: &$0, for: dialect, tags: again.tags) }
    if Array(once.utf8) != Array(twice.utf8) { return "\(once.debugDescription) became \(twice.debugDescription)" }
    return nil
  }

  private static func unescaped(_ tags: Tags) -> Tags {
    var tags = tags
    tags.hasLines = false
    return tags
  }

  private static func written(_ write: (inout ByteBuffer) -> Void) -> String {
    var buffer = ByteBuffer()
    write(&buffer)
    return String(buffer: buffer)
  }

  /// - Returns: the line; nil unless the text is exactly one line without control characters.
  private static func decoded(_ text: String, allowsTags: Bool = true) -> Line? {
    var decoder = LineDecoder(limits: LineLimits(line: 65_536, tags: 65_536), allowsTags: allowsTags)
    decoder.append(ByteBuffer(string: text))
    guard case .success(let line)? = decoder.next(), decoder.next() == nil, decoder.heldBytes == 0 else { return nil }
    return line.hasControlCharacters ? nil : line
  }
}
