import ChatProtocol

/// A part of a message: a block of code, or text.
enum MessagePart: Hashable {
  /// May have several lines.
  case text(String)
  /// The lines between two fences, verbatim; not empty.
  case code([String])

  private static let fence = "```"

  /// The first line that is neither blank nor a fence, followed by `…` if there are others.
  static func firstLine(of message: String) -> String {
    let lines = MessageLines.all(of: message)
    guard lines.count > 1 else { return message }
    let spoken = lines.filter { !$0.trimmingSpaces.isEmpty && !$0.hasPrefix(fence) }
    guard let first = spoken.first ?? lines.first else { return message }
    return spoken.count > 1 ? first + " …" : first
  }

  /// The parts of a message in order. A fence is a line that begins with three backticks; it is not shown. A fence
  /// without a second one is text.
  static func parts(of message: String) -> [MessagePart] {
    guard message.utf8.contains(UInt8(ascii: "\n")), message.contains(fence) else { return [.text(message)] }
    var parts: [MessagePart] = []
    var text: [Substring] = []
    var block: [Substring]?
    for line in message.split(separator: "\n", omittingEmptySubsequences: false) {
      guard line.hasPrefix(fence) else {
        if block == nil { text.append(line) } else { block?.append(line) }
        continue
      }
      guard let lines = block else {
        block = [line]
        continue
      }
      block = nil
      // The first line is the fence.
      if lines.count > 1 {
        if !text.isEmpty { parts.append(.text(text.joined(separator: "\n"))) }
        text = []
        parts.append(.code(lines.dropFirst().map(String.init)))
      } else {
        text += lines + [line]
      }
    }
    text += block ?? []
    if !text.isEmpty || parts.isEmpty { parts.append(.text(text.joined(separator: "\n"))) }
    return parts
  }
}
