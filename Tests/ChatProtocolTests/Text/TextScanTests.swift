import NIOCore
import Testing

@testable import ChatProtocol

/// Texts are searched eight bytes at a time. A match at any position in a text of any length is found as in a search
/// byte by byte.
@Suite struct TextScanTests {
  private static let lengths = 0...26

  /// Scalars that eight-byte arithmetic may confuse: neighbours of the sought ones, the highest bit, borrows between
  /// bytes.
  private static let suspects: [Unicode.Scalar] = [
    "\u{0}", "\u{1}", "\t", "\u{1f}", " ", "!", "\u{7e}", "\u{7f}", "\u{80}", "\u{85}", "\u{9f}", "\u{a0}", "é",
    "\u{200b}", "日", "\u{1f600}",
  ]

  private func texts() -> [String] {
    Self.lengths.flatMap { length in
      (0..<max(length, 1)).flatMap { place in
        Self.suspects.flatMap { first in
          [nil, "x", " ", "\t", "\u{1}"].map { (second: Unicode.Scalar?) in
            var scalars = Array(String(repeating: "a", count: length).unicodeScalars)
            if place < scalars.count { scalars[place] = first }
            if let second, place + 1 < scalars.count { scalars[place + 1] = second }
            return String(String.UnicodeScalarView(scalars))
          }
        }
      }
    }
  }

  @Test func `a scan finds control characters`() {
    for text in texts() {
      let expected = text.unicodeScalars.contains {
        ($0.value < 0x20 && $0 != "\t") || (0x7f...0x9f).contains($0.value)
      }
      #expect(text.hasControlCharacters == expected, "\(text.debugDescription)")
      #expect("ab\(text)"[...].dropFirst(2).hasControlCharacters == expected, "\(text.debugDescription)")
    }
  }

  @Test func `a scan finds invalid UTF-8`() {
    for length in Self.lengths {
      for place in 0..<length {
        for byte in [UInt8(0x80), 0xc2, 0xff] {
          var line = [UInt8](repeating: UInt8(ascii: "a"), count: length)
          line[place] = byte
          var decoder = LineDecoder(allowsTags: false)
          decoder.append(ByteBuffer(bytes: line + [UInt8(ascii: "\n")]))
          #expect(decoder.next() == .failure(.invalidUTF8), "\(line)")
        }
      }
    }
  }

  @Test func `a scan finds white space`() {
    for text in texts() {
      let expected = text.split(whereSeparator: { $0 == " " || $0 == "\t" }).joined(separator: " ")
      #expect(text.collapsingWhiteSpace() == expected, "\(text.debugDescription)")
    }
  }
}
