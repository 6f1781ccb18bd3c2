import ChatProtocol

/// A server's format of lobby messages other than `MSG name text`, learned from the echo of an own message.
///
///     GMSG neha: hi        prefix "GMSG ", separator ": "
///     [16:06] <neha> hi    prefix "[0:0] <", separator "> "
struct EchoForm: Hashable, Sendable {
  /// Text before the name.
  private let prefix: String
  private let separator: String

  private static let mostPrefixBytes = 80
  private static let mostSeparatorBytes = 16

  /// - Parameters:
  ///   - line: the line as received.
  ///   - author: the name of this client's user.
  ///   - text: the text as sent.
  /// - Returns: nil if the line is not an echo of the text.
  init?(_ line: String, by author: Nickname, saying text: String) {
    let bytes = Array(line.utf8)
    let (name, words) = (Array(author.text.utf8), Array(text.utf8))
    guard !words.isEmpty, bytes.count >= name.count + words.count, bytes.suffix(words.count).elementsEqual(words)
    else { return nil }
    let end = bytes.count - words.count
    let places = 0...max(min(end - name.count, Self.mostPrefixBytes), 0)
    guard end >= name.count,
      let start = places.first(where: { start in
        let gap = end - start - name.count
        return (0...Self.mostSeparatorBytes).contains(gap) && bytes[start..<(start + name.count)].elementsEqual(name)
          && (start == 0 || !bytes[start - 1].isInWord)
      })
    else { return nil }
    prefix = String(decoding: bytes[..<start], as: UTF8.self).withoutNumbers
    separator = String(decoding: bytes[(start + name.count)..<end], as: UTF8.self)
    guard let first = separator.utf8.first, !first.isInWord else { return nil }
  }

  /// Reads a line of the same form.
  func read(_ line: String, _ names: NameReader) -> (author: Nickname, text: String)? {
    let bytes = line.utf8
    var start = bytes.startIndex
    for _ in 0...Self.mostPrefixBytes {
      if Substring(bytes[..<start]).withoutNumbers == prefix,
        let found = names.longest(at: Substring(bytes[start...]), where: { $0.starts(with: separator.utf8) })
      {
        return (found.name, String(Substring(found.rest.utf8.dropFirst(separator.utf8.count))))
      }
      guard start < bytes.endIndex else { return nil }
      bytes.formIndex(after: &start)
    }
    return nil
  }
}

extension UInt8 {
  fileprivate var isInWord: Bool {
    self >= 0x80 || (0x30...0x39).contains(self) || (0x41...0x5a).contains(self) || (0x61...0x7a).contains(self)
  }
}
