import ChatProtocol
import TestSupport
import Testing

/// Words between spaces on the wire, which must not contain separators.
@Suite struct EpochTests {
  private static let longest = String(repeating: "x", count: 64)

  @Test(arguments: ["a", "0", "A-z.9", ".", longest])
  func epochs(_ text: String) { #expect(Epoch(text)?.text == text) }

  @Test(arguments: ["", " ", "a b", "é", "a_b", "a\n", "a;b", "@a", "#a", "a:b", longest + "x"])
  func `other texts are not epochs`(_ text: String) { #expect(Epoch(text) == nil) }

  @Test(arguments: ["a", "!", "~", "a;b", "\\", "@#", longest])
  func keys(_ text: String) { #expect(IdempotencyKey(text)?.text == text) }

  @Test(arguments: ["", " ", "a b", "a\t", "é", "\u{7f}", "\0", "a\n", longest + "x"])
  func `other texts are not idempotency keys`(_ text: String) { #expect(IdempotencyKey(text) == nil) }

  @Test func `cursors differ in each part`() {
    let cursor = Cursor(target: .lobby, epoch: Epoch(testing: "e"), sequence: 1)
    #expect(cursor != Cursor(target: .lobby, epoch: Epoch(testing: "E"), sequence: 1))
    #expect(cursor != Cursor(target: .lobby, epoch: Epoch(testing: "e"), sequence: 2))
    #expect(cursor == Cursor(target: .room(RoomName.lobby), epoch: Epoch(testing: "e"), sequence: 1))
  }
}
