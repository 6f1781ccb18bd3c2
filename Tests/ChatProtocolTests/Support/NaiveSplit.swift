import ChatProtocol
import NIOCore

/// The expected output of a decoder, computed in the simplest way from the whole stream.
struct NaiveSplit {
  private(set) var outcomes: [Outcome] = []
  /// Number of bytes of an incomplete line at the end.
  private(set) var held = 0

  init(_ bytes: [UInt8], limits: LineLimits, allowsTags: Bool) {
    var parts = bytes.split(separator: 0x0a, omittingEmptySubsequences: false).map { Array($0) }
    let rest = parts.removeLast()
    for part in parts { outcomes.append(Self.read(Self.withoutReturn(part), limits, allowsTags)) }
    if Self.isTooLong(Self.withoutReturn(rest), limits, allowsTags) {
      outcomes.append(.fault(.tooLong))
    } else {
      held = rest.count
    }
  }

  private static func withoutReturn(_ line: [UInt8]) -> [UInt8] { line.last == 0x0d ? Array(line.dropLast()) : line }

  private static func isTooLong(_ line: [UInt8], _ limits: LineLimits, _ allowsTags: Bool) -> Bool {
    guard allowsTags, line.first == 0x40 else { return line.count > limits.line }
    let halves = line.split(separator: 0x20, maxSplits: 1, omittingEmptySubsequences: false)
    return halves[0].count - 1 > limits.tags || (halves.count > 1 && halves[1].count > limits.line)
  }

  private static func read(_ line: [UInt8], _ limits: LineLimits, _ allowsTags: Bool) -> Outcome {
    if isTooLong(line, limits, allowsTags) { return .fault(.tooLong) }
    // Decoding changes only invalid UTF-8.
    guard Array(String(decoding: line, as: UTF8.self).utf8) == line else { return .fault(.invalidUTF8) }
    guard allowsTags, line.first == 0x40 else {
      return .line(tags: [:], text: line, hasControlCharacters: hasControl(line))
    }
    let head = line.prefix { $0 != 0x20 }
    guard let tags = tags(written: String(decoding: head.dropFirst(), as: UTF8.self)) else {
      return .fault(.malformedTags)
    }
    let text = Array(line.dropFirst(head.count).drop { $0 == 0x20 })
    return .line(tags: tags, text: text, hasControlCharacters: hasControl(text))
  }

  private static func hasControl(_ bytes: [UInt8]) -> Bool {
    String(decoding: bytes, as: UTF8.self).unicodeScalars.contains {
      $0 != "\t" && $0.properties.generalCategory == .control
    }
  }

  private static let keyCharacters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-+./".unicodeScalars)

  /// Reads the tags after the `@`; nil if they are malformed.
  static func tags(written: String) -> [String: String]? {
    guard !hasControl(Array(written.utf8)) else { return nil }
    var tags: [String: String] = [:]
    for part in written.unicodeScalars.split(separator: ";") {
      let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard !halves[0].isEmpty, halves[0].allSatisfy({ keyCharacters.contains($0) }) else { return nil }
      tags[String(Substring(halves[0]))] = halves.count > 1 ? unescaped(Array(halves[1])) : ""
    }
    return tags
  }

  /// Encodes the tags and reads them again.
  static func tags(of tags: Tags) -> [String: String]? {
    var buffer = ByteBuffer()
    ClientMessage.ping.write(into: &buffer, tags: tags)
    let written = String(decoding: buffer.readableBytesView.dropLast("PING\n".utf8.count), as: UTF8.self)
    guard !written.isEmpty else { return [:] }
    guard written.utf8.first == 0x40, written.utf8.last == 0x20 else { return nil }
    return Self.tags(written: String(Substring(written.utf8.dropFirst().dropLast())))
  }

  private static func unescaped(_ value: [Unicode.Scalar]) -> String {
    var scalars = String.UnicodeScalarView()
    var index = 0
    while index < value.count {
      if value[index] != "\\" {
        scalars.append(value[index])
      } else if index + 1 < value.count {
        index += 1
        let meaning: [Unicode.Scalar: Unicode.Scalar] = [":": ";", "s": " ", "r": "\r", "n": "\n"]
        scalars.append(meaning[value[index]] ?? value[index])
      }
      index += 1
    }
    return String(scalars)
  }
}
