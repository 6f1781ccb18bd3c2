import ChatProtocol
import Testing

/// C0 except the tab, DEL and C1 are flagged at any position, and nothing else is.
@Suite struct ControlCharacterTests {
  @Test(arguments: ["%", "%b", "a%", "a%b", "é%é", "\u{301}%\u{301}"])
  func `all control characters`(_ pattern: String) throws {
    for value in UInt32(0)...0x2ff where value != 0x0a {
      let scalar = try #require(Unicode.Scalar(value))
      let text = String(
        String.UnicodeScalarView(pattern.unicodeScalars.map { $0 == "%" ? scalar : $0 }))
      if value == 0x0d, text.utf8.last == 0x0d { continue }
      var decoder = LineDecoder(allowsTags: false)
      let isControl = (value < 0x20 && value != 0x09) || (0x7f...0x9f).contains(value)
      #expect(
        decoder.outcomes(after: text + "\n") == [.text(text, flagged: isControl)], "U+\(String(value, radix: 16))")
    }
  }

  /// Bytes that alone would be a C1 character are continuation bytes here.
  @Test(arguments: ["\u{a0}", "\u{c0}", "\u{200b}", "\u{2085}", "日本語", "\u{1f600}", "\u{c285}", "\u{2028}"])
  func `other characters are not control characters`(_ text: String) {
    var decoder = LineDecoder(allowsTags: false)
    #expect(decoder.outcomes(after: text + "\n") == [.text(text)])
  }
}
