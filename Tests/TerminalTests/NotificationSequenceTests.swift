import Foundation
import TerminalTypes
import Testing

/// Notifications of terminals.
@Suite
struct NotificationSequenceTests {
  private func text(_ sequence: NotificationSequence, _ title: String, _ text: String) -> String {
    String(decoding: sequence.bytes(title: title, text: text), as: UTF8.self)
  }

  @Test
  func `the sequences for notifications are those that terminals document`() {
    #expect(text(.none, "#dev", "zoe: hi") == "")
    #expect(text(.osc9, "#dev", "zoe: hi") == "\u{1b}]9;zoe: hi\u{07}")
    #expect(text(.osc777, "#dev", "zoe: hi; ho") == "\u{1b}]777;notify;#dev;zoe: hi, ho\u{07}")
    #expect(
      text(.osc99, "#dev", "zoe: hi")
        == "\u{1b}]99;i=swiftchat:e=1:d=0;I2Rldg==\u{1b}\\\u{1b}]99;i=swiftchat:e=1:d=1:p=body;em9lOiBoaQ==\u{1b}\\")
    // ConEmu and Windows Terminal read a number as another function.
    #expect(text(.osc9, "", "4;1;50").hasPrefix("\u{1b}]9; 4"))
  }

  @Test(arguments: NotificationSequence.allCases)
  func `no text ends a notification early`(sequence: NotificationSequence) {
    let hostile = "a\u{07}b\u{1b}\\c\u{9c}d\n\u{0}\u{7f}" + String(repeating: "x", count: 10_000)
    let bytes = sequence.bytes(title: hostile, text: hostile)
    #expect(bytes.count < 2000)
    let inner = String(decoding: bytes, as: UTF8.self)
    #expect(inner.unicodeScalars.count { $0 == "\u{07}" } == (sequence == .osc9 || sequence == .osc777 ? 1 : 0))
    #expect(inner.unicodeScalars.count { $0 == "\u{1b}" } == [.none: 0, .osc9: 1, .osc777: 1, .osc99: 4][sequence])
    #expect(!inner.unicodeScalars.contains("\u{9c}"))
    let wrapped = NotificationSequence.wrappedForTmux(bytes)
    #expect(wrapped.isEmpty == bytes.isEmpty)
    // Within the wrapping each ESC is doubled.
    #expect(wrapped.count { $0 == 0x1b } == (bytes.isEmpty ? 0 : 2 + 2 * bytes.count { $0 == 0x1b }))
  }

  @Test(arguments: ["", "a", "ab", "abc", "abcd", "äöü→👍"])
  func `the text for kitty is valid base64`(text: String) {
    let bytes = String(decoding: NotificationSequence.osc99.bytes(title: text, text: ""), as: UTF8.self)
    let encoded = bytes.split(separator: ";", omittingEmptySubsequences: false)[2].prefix { $0 != "\u{1b}" }
    #expect(Data(base64Encoded: String(encoded)) == Data(text.utf8))
  }
}
