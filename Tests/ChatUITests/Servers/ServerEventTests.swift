import ChatModel
import ChatProtocol
import TerminalTypes
import Testing

@testable import ChatUI

/// Events and questions of servers that are not on the screen.
@Suite
struct ServerEventTests {
  private var harness: InterfaceHarness

  init() throws { harness = try InterfaceHarness.withTwoServers(80, 24) }

  @Test
  mutating func `messages of another server stay unread until its tab is shown`() {
    harness.server = .home
    harness.receiveHead(head: 4, mark: 4)
    harness.receiveMessage(from: "kim", "hello", sequence: 5)
    #expect(harness.interface.servers[1].tabs.lobby.unread == 1)
    _ = harness.takeCommands()
    harness.advanceClock(by: 100)
    harness.focus(true)
    #expect(harness.takeCommands().isEmpty)
    harness.press("Alt+3")
    let read = ServerCommand(server: .home, command: .client(.markRead(.lobby, 5)))
    #expect(harness.takeServerCommands().contains(read))
  }

  @Test
  mutating func `input goes to the server on the screen`() {
    harness.enter("to work")
    harness.press("Alt+3")
    harness.enter("to home")
    harness.enter("/away tea")
    let commands = harness.takeServerCommands().filter { if case .client = $0.command { true } else { false } }
    #expect(
      commands == [
        ServerCommand(server: .work, command: .client(.say(id: SendID(1), to: .lobby, text: "to work"))),
        ServerCommand(server: .home, command: .client(.say(id: SendID(2), to: .lobby, text: "to home"))),
        ServerCommand(server: .home, command: .client(.away("tea"))),
      ])
    // Only the server of the message knows its answer.
    harness.server = .home
    harness.receive(.sendFailed(SendID(1), reason: "No."))
    #expect(harness.interface.servers[0].tabs.unconfirmed.count == 1)
    harness.server = .work
    harness.receive(.sendConfirmed(SendID(1), sequence: nil, time: .noon))
    #expect(harness.interface.servers[0].tabs.unconfirmed.isEmpty)
    #expect(harness.interface.servers[1].tabs.unconfirmed.count == 1)
  }

  /// Questions of a server that is not on the screen, with a word that is on the screen once they are shown.
  private static let questions: [(ClientEvent, String)] = [
    (.nameRefused(Nickname(testing: "neha"), .taken, suggestion: nil), " name›"),
    (.distrusted(.home, known: .testing(0), seen: .testing(1)), "The key of 192.0.2.7:4000 has changed"),
  ]

  @Test
  mutating func `a question of another server takes no key, and waits until its tabs are shown`() {
    for (event, words) in Self.questions {
      harness.server = .home
      let before = harness.screen.rows
      harness.receive(event)
      harness.advanceClock(by: 5)
      #expect(harness.screen.rows.dropFirst() == before.dropFirst())
      harness.type("y")
      #expect(harness.input.hasSuffix("y"))
      harness.press("Alt+3")
      harness.advanceClock(by: 5)
      #expect(harness.screen.rows.contains { $0.contains(words) }, "\(event)")
      // The question does not keep the user from the other server.
      harness.press("Alt+1")
      #expect(harness.place == "work/#lobby")
      harness.press("Ctrl+P")
      #expect(harness.place == "home/#lobby")
      #expect(harness.screen.rows.contains { $0.contains(words) })
      harness.press("Ctrl+N")
      harness.goOnline()
    }
  }

  @Test
  mutating func `the answer to a question goes to its server`() {
    harness.server = .home
    harness.receive(Self.questions[0].0)
    harness.press("Alt+3")
    harness.advanceClock(by: 5)
    _ = harness.takeCommands()
    harness.type("2")
    harness.press("Enter")
    let command = ServerCommand(server: .home, command: .client(.useName(Nickname(testing: "neha2"))))
    #expect(harness.takeServerCommands() == [command])
  }

  @Test
  mutating func `losing one server affects only its tabs`() {
    harness.server = .home
    let shown = harness.screen.rows
    harness.receive(.offline(Outage(reason: "the server is shutting down", retryIn: .seconds(3))))
    #expect(harness.screen.rows.dropFirst() == shown.dropFirst())
    #expect(!harness.interface.isCountingDown)
    harness.enter("hello")
    #expect(harness.takeSends().count == 1)
    harness.press("Alt+3")
    #expect(harness.statusRow.hasPrefix(" offline, again in 3 s"))
    #expect(harness.interface.isCountingDown)
  }

  @Test
  mutating func `events of a closed server are ignored`() {
    harness.close("192.0.2.7:4000")
    let before = harness.interface.servers
    harness.server = .home
    harness.receiveMessage(from: "kim", "too late")
    harness.goOnline()
    #expect(harness.interface.servers == before)
  }
}
