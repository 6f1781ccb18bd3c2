import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// The lines that a client without a screen prints.
struct LineTests {
  @Test func `each event is a line with time, place and name`() {
    var harness = InterfaceHarness.lines()
    harness.goOnline()
    harness.receive(
      .roster(.lobby, ["neha", "zoe"].map { Person(Nickname(testing: $0)) }),
      .joined(Nickname(testing: "kim"), .lobby), .joined(Nickname(testing: "ada"), .lobby))
    harness.receiveMessage(from: "zoe", "hello")
    harness.receiveMessage(from: "zoe", "/me waves")
    harness.receiveMessage(from: "kim", "psst", in: "@kim")
    harness.receive(
      .left(Nickname(testing: "ada"), .lobby, reason: "quit"), .away(Nickname(testing: "kim"), text: "lunch"),
      .serverError("No."))
    expectLines(
      harness.takeLines(),
      """
      13:01 #lobby -- connected to localhost:4000 as neha
      13:01 #lobby -- kim joined
      13:01 #lobby -- ada joined
      13:01 #lobby zoe: hello
      13:01 #lobby * zoe waves
      13:01 @kim kim: psst
      13:01 #lobby -- ada left (quit)
      13:01 #lobby -- kim is away: lunch
      13:01 @kim -- kim is away: lunch
      13:01 #lobby !! No.
      """)
    #expect(harness.takeLines() == [])
  }

  @Test func `a line that is not for a terminal has the date in UTC`() {
    var harness = InterfaceHarness.onlineLines(.log)
    harness.receiveMessage(from: "zoe", "hello")
    expectLines(harness.takeLines(), "2026-11-22T12:01:00Z #lobby zoe: hello")
  }

  @Test func `the date is printed when the day changes`() {
    var harness = InterfaceHarness.onlineLines()
    let yesterday = Timestamp(milliseconds: Timestamp.noon.milliseconds - 86_400_000)
    harness.receiveMessage(from: "zoe", "old", sequence: 1, at: yesterday, isBacklog: true)
    harness.receiveMessage(from: "zoe", "older", sequence: 2, at: yesterday, isBacklog: true)
    harness.receiveMessage(from: "zoe", "new", sequence: 3)
    expectLines(
      harness.takeLines(),
      """
      Saturday, 21 November 2026
      13:01 #lobby zoe: old
      13:01 #lobby zoe: older
      Sunday, 22 November 2026
      13:01 #lobby zoe: new
      """)
  }

  @Test func `no text can look like another line or move the cursor`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receiveMessage(from: "zoe", "code\n13:01 #lobby ada: I resign\n\u{1b}[2J\rx\u{202e}")
    harness.receiveMessage(from: "--", "kim joined")
    expectLines(
      harness.takeLines(),
      """
      13:01 #lobby zoe: code
        13:01 #lobby ada: I resign
        �[2J�x
      13:01 #lobby <-->: kim joined
      """)
  }

  @Test func `the newest messages of a conversation are printed once, and what another run has shown is not`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receive(.synced(.lobby, Epoch(testing: "e1"), head: 60, mark: 60))
    harness.receive(.older(.lobby, (11...60).map { .numbered($0) }, hasMore: true))
    let lines = harness.takeLines()
    #expect(lines.count == LinePrinter.maximumOlder)
    #expect(lines.last == "12:02 #lobby zoe: 60")
    harness.receive(.older(.lobby, (1...10).map { .numbered($0) }, hasMore: false))
    harness.receive(.older(.lobby, (41...60).map { .numbered($0) }, hasMore: true))
    #expect(harness.takeLines() == [])
    // The client asks for the newest messages again after a lost connection.
    harness.enter("/clear")
    harness.receive(.older(.lobby, (41...60).map { .numbered($0) }, hasMore: true))
    #expect(harness.takeLines() == [])
    harness.receive(.reset(.lobby), .older(.lobby, (300...400).map { .numbered($0) }, hasMore: true))
    #expect(harness.takeLines().count == LinePrinter.maximumOlder)
    var later = InterfaceHarness.lines(memory: harness.memory)
    #expect(later.takeLines() == [])
    later.goOnline()
    later.receiveMessage(from: "zoe", "401", sequence: 401, isBacklog: true)
    #expect(later.takeLines().last == "13:01 #lobby zoe: 401")
  }

  @Test func `a removed message is reported with its author and time`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receive(.synced(.lobby, Epoch(testing: "e1"), head: 0, mark: nil))
    harness.receiveMessage(from: "zoe", "secret", sequence: 1)
    _ = harness.takeLines()
    harness.receive(
      .redacted(.lobby, 1, by: Nickname(testing: "ada")), .redacted(.lobby, 1, by: Nickname(testing: "ada")))
    expectLines(harness.takeLines(), "13:01 #lobby -- what zoe said at 13:01 was removed by ada")
  }

  @Test func `what the user hides is not printed`() {
    var harness = InterfaceHarness.onlineLines(with: "zoe")
    harness.enter("/ignore zoe")
    _ = harness.takeLines()
    harness.receiveMessage(from: "zoe", "hello")
    harness.receive(.away(Nickname(testing: "zoe"), text: "gone"))
    #expect(harness.takeLines() == [])
  }

  @Test func `lines of several servers have the names of the servers, and typed lines go to the last chosen one`() {
    var harness = InterfaceHarness.onlineLines()
    harness.update(
      .opened(
        ServerOpening(.work, as: Nickname(testing: "ada"), memory: InterfaceMemory(), isShown: false)),
      .server(
        .work, .client(.online(Nickname(testing: "ada"), capabilities: .all, standing: Standing(isEncrypted: true)))))
    harness.receiveMessage(from: "zoe", "hello")
    expectLines(
      harness.takeLines(),
      """
      13:01 work.example.org/#lobby -- connected to work.example.org:4000 as ada
      13:01 localhost/#lobby zoe: hello
      """)
    harness.enter("/tab work.example.org", "hi")
    expectLines(harness.takeLines(), "13:01 work.example.org/#lobby -- your lines go here now")
    #expect(harness.takeSentLines() == ["#lobby: hi"])
  }

  @Test func `a client that draws a screen records nothing`() {
    var harness = InterfaceHarness.online(80, 24)
    harness.receiveMessage(from: "zoe", "hello")
    #expect(harness.interface.tabs.lobby.transcript.journal == nil)
    var interface = harness.interface
    #expect(interface.takeLines() == [])
  }
}
