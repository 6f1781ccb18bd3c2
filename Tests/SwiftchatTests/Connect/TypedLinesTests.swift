import ChatUI
import Testing

@testable import swiftchat

/// Standard input as lines.
struct TypedLinesTests {
  private func lines(_ bytes: [UInt8], by size: Int) -> [TypedLines.Item] {
    var lines = TypedLines()
    var items: [TypedLines.Item] = []
    var rest = bytes[...]
    while !rest.isEmpty {
      items += lines.append(rest.prefix(size))
      rest = rest.dropFirst(size)
    }
    return items + [lines.finish()].compactMap { $0 }
  }

  @Test(arguments: [1, 2, 3, 7, 1000])
  func `lines are the same in pieces of any size`(size: Int) {
    let text = "one\r\n\nzwölf 你好 👍\nthe last"
    #expect(lines(Array(text.utf8), by: size) == ["one", "", "zwölf 你好 👍", "the last"].map { .line($0) })
    #expect(lines(Array("one\n".utf8), by: size) == [.line("one")])
  }

  @Test func `a line that is not UTF-8, or too long, loses nothing else`() {
    let long = [UInt8](repeating: UInt8(ascii: "x"), count: Interface.maximumLineBytes + 1)
    let bytes = [0xff] + Array("\none\n".utf8) + long + Array("\ntwo\n".utf8) + long
    let found = lines(bytes, by: 4096)
    #expect(found.count == 5)
    #expect(found[0] == .unreadable(reason: "a line that is not UTF-8 was not sent"))
    #expect(found[1] == .line("one"))
    #expect(found[2] == .unreadable(reason: "a line of more than 256 KiB was not sent"))
    #expect(found[3] == .line("two"))
    #expect(found[4] == found[2])
  }
}
