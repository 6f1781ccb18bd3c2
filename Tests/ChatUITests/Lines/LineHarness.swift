import ChatModel
import ChatProtocol
import TerminalTypes
import TestSupport
import Testing

@testable import ChatUI

/// An interface that prints lines, with a simulated network. It is 12:01 UTC on a Sunday unless the clock is set.
struct LineHarness {
  private(set) var interface: Interface
  private(set) var commands: [InterfaceCommand] = []

  init(_ style: LineStyle = .terminal, offersHost: Bool = false, memory: InterfaceMemory = InterfaceMemory()) {
    interface = Interface(
      settings: Interface.Settings(
        name: Nickname(testing: "neha"), endpoint: Endpoint(testing: "localhost:4000"), offersHost: offersHost,
        lineStyle: style, localOffset: { _ in 3600 }),
      size: Screen.Size(rows: 24, columns: 80), now: .noon, memory: memory)
  }

  /// A connected client whose lines so far are removed.
  static func online(_ style: LineStyle = .terminal, with people: String...) -> LineHarness {
    var harness = LineHarness(style)
    harness.goOnline()
    harness.receive(.roster(.lobby, (["neha"] + people).map { Person(Nickname(testing: $0)) }))
    _ = harness.takeLines()
    return harness
  }

  mutating func goOnline() {
    receive(
      .online(Nickname(testing: "neha"), capabilities: .all, standing: Standing(isEncrypted: true, isOwned: true)))
  }

  mutating func update(_ events: InterfaceEvent...) {
    for event in events { commands += interface.update(event).map(\.command) }
    interface.finishUpdates()
  }

  mutating func receive(_ events: ClientEvent...) { for event in events { update(.server(.local, .client(event))) } }
  mutating func enter(_ lines: String...) { for line in lines { update(.line(line)) } }

  mutating func receiveMessage(
    from author: String, _ text: String, in target: String = "#lobby", sequence: Int? = nil, at time: Timestamp = .noon,
    isBacklog: Bool = false
  ) {
    receive(
      .message(
        ChatMessage(
          target: Target(testing: target), author: Nickname(testing: author), text: text, time: time,
          isOwn: author == "neha", sequence: sequence, isBacklog: isBacklog)))
  }

  mutating func takeLines() -> [String] { interface.takeLines() }
  mutating func takeCommands() -> [InterfaceCommand] {
    defer { commands = [] }
    return commands
  }
  /// The sent messages among the commands since the last call, as `#lobby: hello`.
  mutating func takeSends() -> [String] {
    takeCommands().compactMap {
      if case .client(.say(_, let target, let text)) = $0 { "\(target): \(text)" } else { nil }
    }
  }
}

func expectLines(_ lines: [String], _ expected: String, sourceLocation: SourceLocation = #_sourceLocation) {
  #expect(lines.joined(separator: "\n") == expected, sourceLocation: sourceLocation)
}
