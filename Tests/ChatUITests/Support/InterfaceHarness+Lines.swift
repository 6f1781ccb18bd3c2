import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

// A client that prints lines; its clock is an hour ahead of UTC.

extension InterfaceHarness {
  static func lines(
    _ style: LineStyle = .terminal, offersHost: Bool = false, memory: InterfaceMemory = InterfaceMemory()
  ) -> InterfaceHarness {
    InterfaceHarness(
      80, 24, offersHost: offersHost, offset: 3600, memory: memory, reportsFocus: false, lineStyle: style)
  }

  /// A connected client whose lines so far are removed.
  static func onlineLines(_ style: LineStyle = .terminal, with people: String...) -> InterfaceHarness {
    var harness = lines(style)
    harness.goOnline()
    harness.receive(.roster(.lobby, (["neha"] + people).map { Person(Nickname(testing: $0)) }))
    _ = harness.takeLines()
    return harness
  }

  mutating func enter(_ first: String, _ second: String, _ rest: String...) {
    for line in [first, second] + rest { enter(line) }
  }

  /// The sent messages among the commands since the last call, as `#lobby: hello`.
  mutating func takeSentLines() -> [String] { takeSends().map { "\($0.to): \($0.text)" } }
}

func expectLines(_ lines: [String], _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(lines.joined(separator: "\n") == expected, sourceLocation: sourceLocation)
}
