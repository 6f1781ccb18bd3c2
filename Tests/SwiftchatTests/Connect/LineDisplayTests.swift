import Dispatch
import Foundation
import Platform
import TestSupport
import Testing

@testable import swiftchat

/// Printed lines and a reader that takes them late.
@Suite @MainActor
struct LineDisplayTests {
  /// A pipe as standard output.
  private struct Output {
    let reading: Int32
    let writing: Int32

    init() throws {
      var ends: [Int32] = [0, 0]
      try #require(pipe(&ends) == 0)
      (reading, writing) = (ends[0], ends[1])
    }

    /// Reads this many bytes, fewer only at the end.
    func read(_ count: Int) async throws -> Int {
      let reading = reading
      return try await onOwnThread {
        var bytes = [UInt8](repeating: 0, count: 1 << 16)
        var all = 0
        while all < count {
          let piece = Platform.read(reading, &bytes, min(bytes.count, count - all))
          guard piece > 0 else { break }
          all += piece
        }
        return all
      }
    }

    func close() {
      for descriptor in [reading, writing] { Platform.close(descriptor) }
    }
  }

  @Test
  func `what is shown counts as written when the reader has taken it, and is lost at the end otherwise`() async throws {
    let output = try Output()
    let display = LineDisplay(output: output.writing, patience: .milliseconds(1))
    let text = String(repeating: "0123456789", count: 100_000)
    display.write(text)
    var isWritten = false
    display.afterShowing { isWritten = true }
    // A pipe does not hold all of it.
    let isAllRead = display.close()
    #expect(!isAllRead)
    let count = try await output.read(text.utf8.count)
    #expect(count == text.utf8.count)
    await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
      display.afterShowing { continuation.resume() }
    }
    #expect(isWritten)
    // Nothing is left to wait for.
    let hasNothingLeft = LineDisplay(output: output.writing, patience: .seconds(180)).close()
    #expect(hasNothingLeft)
    output.close()
  }

  @Test
  func `typed lines wait until the output of earlier ones is read`() async throws {
    let output = try Output()
    let display = LineDisplay(output: output.writing)
    let answer = String(repeating: "x", count: 10_000)
    var (delivered, text) = (0, "")
    display.listen(
      { event in
        guard case .line = event else { return }
        delivered += 1
        text += answer
      }, takesLine: { true },
      batchEnded: { [weak display] in
        display?.write(text)
        text = ""
      })
    let lines = 1000
    display.take(.bytes(Array(String(repeating: "/help\n", count: lines).utf8)))
    #expect(delivered < lines)
    let count = try await output.read(lines * answer.utf8.count)
    #expect(count == lines * answer.utf8.count)
    #expect(delivered == lines)
    output.close()
  }
}
