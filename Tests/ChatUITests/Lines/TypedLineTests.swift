import ChatModel
import ChatProtocol
import TestSupport
import Testing

@testable import ChatUI

/// Typed lines in a client without a screen.
struct TypedLineTests {
  @Test func `a line is sent to the current target, and printed when it is confirmed`() throws {
    var harness = InterfaceHarness.onlineLines()
    harness.enter("hello", "", "   ", "/me waves", "//quit")
    let commands = harness.takeCommands()
    let ids = commands.compactMap { if case .client(.say(let id, _, _)) = $0 { id } else { nil } }
    #expect(ids.count == 3)
    #expect(harness.takeLines() == [])
    harness.receive(.sendConfirmed(try #require(ids.first), sequence: 1, time: .noon))
    expectLines(harness.takeLines(), "13:01 #lobby neha: hello")
  }

  @Test func `the target of a line is the one that the lines before it chose, before any answer`() {
    var harness = InterfaceHarness.onlineLines(with: "zoe")
    harness.enter(
      "/join #dev", "one", "/to zoe", "two", "/dm kim three", "four", "/to #lobby", "five", "/create #x", "six")
    #expect(
      harness.takeSentLines()
        == ["#dev: one", "@zoe: two", "@kim: three", "@kim: four", "#lobby: five", "#x: six"])
    #expect(harness.takeLines().filter { $0.hasSuffix("-- your lines go here now") }.count == 5)
  }

  @Test func `no answer changes the target of typed lines`() {
    var harness = InterfaceHarness.onlineLines(with: "zoe")
    harness.enter("/join #dev", "/to zoe")
    harness.receive(.roomJoined(RoomName(testing: "#dev")))
    harness.enter("for zoe", "/create #plans", "/to kim")
    harness.receive(.roomJoined(RoomName(testing: "#plans")))
    harness.enter("for kim")
    #expect(harness.takeSentLines() == ["@zoe: for zoe", "@kim: for kim"])
    #expect(!harness.interface.tabs.tabs.contains { !$0.isJoined })
  }

  @Test(arguments: ["/create #plans", "/join #plans", "/to #plans"])
  func `a room that was left before is the target of typed lines as soon as it is requested`(line: String) {
    var harness = InterfaceHarness.onlineLines()
    let plans = RoomName(testing: "#plans")
    harness.enter("/join #plans", "/to #lobby")
    harness.receive(.roomJoined(plans), .roomLeft(plans, reason: "kicked"))
    harness.enter(line, "one")
    harness.receive(.roomJoined(plans))
    harness.enter("two")
    #expect(harness.takeSentLines() == ["#plans: one", "#plans: two"])
    // A room in which the user is stays one.
    harness.enter("/to #lobby", line)
    #expect(harness.interface.tabs.current.target == .room(plans) && harness.interface.tabs.current.isJoined)
  }

  @Test func `lines for a room that refuses the user go nowhere else`() {
    var harness = InterfaceHarness.onlineLines()
    harness.enter("/join #secret")
    #expect(harness.interface.awaitsAnswer)
    harness.receive(.joinFailed(RoomName(testing: "#secret"), reason: "It is for invited people."))
    #expect(!harness.interface.awaitsAnswer)
    #expect(harness.takeLines().last == "13:01 #secret !! #secret: It is for invited people.")
    harness.enter("the password is 1234")
    #expect(harness.takeSentLines() == ["#secret: the password is 1234"])
  }

  @Test func `a message that cannot be sent is printed whole`() throws {
    var harness = InterfaceHarness.onlineLines()
    let text = String(repeating: "long ", count: 600) + "end"
    harness.enter(text)
    guard case .client(.say(let id, _, _))? = harness.takeCommands().first else { throw Missing() }
    harness.receive(.sendFailed(id, reason: "It is too long."))
    expectLines(harness.takeLines(), "13:01 #lobby !! It is too long. Not sent: \(text)")
    #expect(harness.interface.typedTexts(of: .local).isEmpty)
  }

  @Test func `a line that is neither sent nor carried out is reported, and never sent as a message`() {
    var harness = InterfaceHarness.onlineLines()
    harness.enter("/passwd secret", "/dm", "/topic", String(repeating: "x", count: 70_000))
    #expect(harness.takeCommands().filter { $0 == .lineRefused }.count == 3)
    let lines = harness.takeLines()
    #expect(lines.count == 4)
    #expect(lines.first?.hasPrefix("13:01 #lobby !! there is no /passwd: ") == true)
    #expect(lines.last == "13:01 #lobby !! the line is too long: it was not sent")
  }

  @Test func `while there is no connection, a line says that it waits`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receive(.offline(Outage(reason: "the server is gone", retryIn: .seconds(1))))
    _ = harness.takeLines()
    harness.enter("hello")
    #expect(harness.takeSentLines() == ["#lobby: hello"])
    expectLines(
      harness.takeLines(), "13:01 #lobby -- not connected: the line is sent when the connection is back")
  }

  @Test func `a line for a name that belongs to another person now is refused once`() {
    var harness = InterfaceHarness.onlineLines(with: "zoe")
    harness.enter("/to zoe")
    harness.receive(.otherPerson(Nickname(testing: "zoe")))
    _ = harness.takeCommands()
    harness.enter("secret")
    #expect(harness.takeCommands() == [.lineRefused])
    harness.enter("secret")
    #expect(harness.takeSentLines() == ["@zoe: secret"])
    harness.receive(.otherPerson(Nickname(testing: "zoe")))
    harness.enter("/to #lobby", "/dm zoe secret")
    #expect(harness.takeSentLines() == [])
  }

  @Test func `text that another client left in the input stays there`() {
    var memory = InterfaceHarness.online(80, 24)
    memory.type("a draft")
    var harness = InterfaceHarness.lines(memory: memory.memory)
    harness.goOnline()
    harness.enter("hello")
    #expect(harness.takeSentLines() == ["#lobby: hello"])
    #expect(harness.interface.memory(of: .local, unconfirmed: [])?.tabs.first?.draft == "a draft")
  }

  // MARK: Questions and lists

  @Test func `a list is printed with numbers, and only the next line can be a number of it`() {
    var harness = InterfaceHarness.onlineLines()
    harness.enter("/rooms")
    #expect(harness.interface.awaitsAnswer)
    let rooms = [
      RoomListing(name: .lobby, people: 7, topic: "all"),
      RoomListing(name: RoomName(testing: "#dev"), people: 1, topic: ""),
    ]
    _ = harness.takeLines()
    harness.receive(.rooms(rooms))
    expectLines(
      harness.takeLines(),
      """
      13:01 #lobby -- rooms; type the number of one to go in:
        1 #lobby, 7 people: all
        2 #dev, 1 person
      """)
    harness.enter("hello", "2")
    #expect(harness.takeSentLines() == ["#lobby: hello", "#lobby: 2"])
    harness.enter("/rooms")
    harness.receive(.rooms(rooms))
    harness.enter("2")
    #expect(harness.takeCommands().contains(.client(.join(RoomName(testing: "#dev")))))
  }

  @Test func `a question is answered with y or n, and by nothing that is typed later`() {
    var harness = InterfaceHarness.lines(offersHost: true)
    let outage = Outage(reason: "nothing listens there", retryIn: .seconds(1), isRefused: true, isFirst: true)
    harness.receive(.offline(outage))
    #expect(harness.takeLines().last == "  y: host · n: wait")
    harness.enter("hello", "y")
    #expect(!harness.takeCommands().contains(.host))
    harness = InterfaceHarness.lines(offersHost: true)
    harness.receive(.offline(outage))
    harness.enter("Y")
    #expect(harness.takeCommands().contains(.host))
  }

  @Test func `another name is a line of its own, unless it is a command`() {
    var harness = InterfaceHarness.lines()
    harness.receive(.nameRefused(Nickname(testing: "neha"), .taken, suggestion: Nickname(testing: "neha_")))
    expectLines(
      harness.takeLines(),
      """
      13:01 #lobby -- Choose another name: neha is taken.
        Type another name, such as neha_
      """)
    for _ in 1...2 {
      harness.enter("not a name")
      let lines = harness.takeLines()
      #expect(lines.count == 2 && lines.last == "  Type another name, such as neha_", "\(lines)")
    }
    harness.enter("zoe")
    #expect(harness.takeCommands() == [.client(.useName(Nickname(testing: "zoe")))])
  }

  @Test func `a list that opens again is printed again`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receiveMessage(from: "neha", "one", sequence: 1)
    _ = harness.takeLines()
    harness.enter("/remove")
    let lines = harness.takeLines()
    #expect(lines.count == 2)
    harness.enter("/remove")
    #expect(harness.takeLines() == lines)
  }

  @Test func `a question of another server is announced, and printed when typed lines go there`() throws {
    var harness = InterfaceHarness.onlineLines()
    let other = Endpoint(testing: "192.0.2.7:4000")
    harness.update(
      .opened(ServerOpening(other, as: Nickname(testing: "neha"), memory: InterfaceMemory(), isShown: false)))
    _ = harness.takeLines()
    let refusal = ClientEvent.nameRefused(Nickname(testing: "neha"), .taken, suggestion: nil)
    harness.update(.server(other, .client(refusal)), .time(.noon))
    #expect(
      harness.takeLines().filter { $0.contains("question") } == [
        "13:01 localhost/#lobby !! 192.0.2.7 has a question: /tab 192.0.2.7 goes there"
      ])
    harness.enter("hello")
    #expect(harness.takeSentLines() == ["#lobby: hello"])
    harness.enter("/tab 192.0.2.7")
    #expect(harness.takeLines().contains { $0.contains("Choose another name: neha is taken.") })
    harness.enter("zoe")
    #expect(harness.takeCommands().contains(.client(.useName(Nickname(testing: "zoe")))))
  }

  @Test func `results of a search and help are printed, and a message to remove is chosen by its number`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receive(.synced(.lobby, Epoch(testing: "e1"), head: 0, mark: nil))
    harness.receiveMessage(from: "neha", "one", sequence: 1)
    harness.receiveMessage(from: "neha", "two", sequence: 2)
    _ = harness.takeLines()
    harness.enter("/search one")
    #expect(harness.interface.awaitsAnswer)
    harness.receive(.found(1, [.numbered(2), .numbered(1)], hasMore: false))
    expectLines(
      harness.takeLines(),
      """
      13:01 #lobby -- 22 Nov 12:01 #lobby zoe: 1
        22 Nov 12:01 #lobby zoe: 2
      """)
    harness.enter("/help")
    #expect(harness.takeLines().contains("    /to #ROOM|NAME: write to a room or a person from now on"))
    _ = harness.takeCommands()
    harness.enter("/remove", "2")
    #expect(harness.takeCommands().contains(.client(.admin(.redact(.lobby, sequence: 1, reason: "")))))
  }

  @Test func `results of a search are printed, whatever is typed before they come`() {
    for line in ["hello", "/to zoe", "/join #dev", "/rooms", "/help", "/remove"] {
      var harness = InterfaceHarness.onlineLines(with: "zoe")
      harness.receive(.synced(.lobby, Epoch(testing: "e1"), head: 0, mark: nil))
      harness.receiveMessage(from: "neha", "one", sequence: 1)
      harness.enter("/search disk", line)
      harness.receive(.roomJoined(RoomName(testing: "#dev")))
      #expect(harness.interface.awaitsAnswer, "\(line)")
      _ = harness.takeLines()
      harness.receive(.found(1, .found(1...2), hasMore: true))
      let lines = harness.takeLines()
      #expect(
        lines.count == 3
          && lines[0].hasSuffix("-- there are older ones: more words, from:NAME or on:DAY narrow the search"),
        "\(lines)")
      #expect(lines.last == "  22 Nov 12:01 #lobby zoe: disk full, 2", "\(line)")
      harness.receive(.rooms([]))
      #expect(!harness.interface.awaitsAnswer, "\(line)")
    }
  }

  @Test func `a search waits for the answer of the one before it, and each prints its results`() {
    var harness = InterfaceHarness.onlineLines()
    harness.enter("/search one", "/search in:here two", "/search three")
    #expect(harness.takeCommands() == [.client(.search(1, in: nil, text: "one", before: nil))])
    harness.receive(.found(1, .found(1...1), hasMore: false))
    expectLines(harness.takeLines(), "13:01 #lobby -- 22 Nov 12:01 #lobby zoe: disk full, 1")
    #expect(harness.takeCommands() == [.client(.search(2, in: .lobby, text: "two", before: nil))])
    #expect(harness.interface.awaitsAnswer)
    harness.receive(.searchFailed(2, reason: "The server cannot search."))
    expectLines(harness.takeLines(), "13:01 #lobby -- The server cannot search.")
    // Every search ends with the connection.
    harness.enter("/search four")
    harness.receive(.offline(Outage(reason: "gone", retryIn: nil)))
    harness.receive(.searchFailed(4, reason: "There is no connection."))
    #expect(harness.takeLines().count == 3)
    #expect(!harness.interface.awaitsAnswer)
    _ = harness.takeCommands()
    harness.enter("/search five")
    #expect(harness.takeCommands() == [.lineRefused])
    expectLines(harness.takeLines(), "13:01 #lobby !! not connected: nothing can be searched")
  }

  @Test func `the number of searches that wait is limited`() {
    var harness = InterfaceHarness.onlineLines()
    for _ in 0...SearchState.maximumWaiting { harness.enter("/search x") }
    #expect(!harness.takeCommands().contains(.lineRefused))
    harness.enter("/search x", "/search !!")
    #expect(harness.takeCommands() == [.lineRefused, .lineRefused])
  }

  @Test func `answers of another server are printed`() {
    var harness = InterfaceHarness.onlineLines()
    harness.open("work.example.org:4000")
    harness.goOnline()
    harness.enter("/search disk", "/rooms", "/tab localhost")
    _ = harness.takeLines()
    #expect(harness.interface.awaitsAnswer)
    harness.receive(
      .found(1, .found(1...1), hasMore: false),
      .rooms([RoomListing(name: .lobby, people: 2, topic: "hello"), RoomListing(name: .lobby, people: 1, topic: "")]))
    expectLines(
      harness.takeLines(),
      """
      13:01 work.example.org/#lobby -- 22 Nov 12:01 #lobby zoe: disk full, 1
      13:01 work.example.org/#lobby -- #lobby, 2 people: hello
        #lobby, 1 person
      """)
    #expect(!harness.interface.awaitsAnswer)
    harness.enter("2")
    #expect(harness.takeSentLines() == ["#lobby: 2"])
  }

  @Test func `a list of rooms is printed after a list that waits for an answer`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receive(.synced(.lobby, Epoch(testing: "e1"), head: 0, mark: nil))
    harness.receiveMessage(from: "neha", "one", sequence: 1)
    harness.enter("/rooms", "/remove")
    _ = harness.takeLines()
    harness.receive(.rooms([RoomListing(name: .lobby, people: 2, topic: "")]))
    #expect(harness.takeLines() == [])
    harness.enter("1")
    #expect(harness.takeCommands().contains(.client(.admin(.redact(.lobby, sequence: 1, reason: "")))))
    #expect(harness.takeLines().last == "  1 #lobby, 2 people")
  }

  @Test func `messages count as read when the user types, in all tabs`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receive(.synced(.lobby, Epoch(testing: "e1"), head: 0, mark: nil))
    harness.update(.focused(false))
    harness.receiveMessage(from: "zoe", "hello", sequence: 1)
    #expect(!harness.takeCommands().contains(.client(.markRead(.lobby, 1))))
    harness = InterfaceHarness.onlineLines()
    harness.receive(.synced(.lobby, Epoch(testing: "e1"), head: 0, mark: nil))
    harness.receiveMessage(from: "zoe", "hello", sequence: 1)
    #expect(!harness.takeCommands().contains(.client(.markRead(.lobby, 1))))
    harness.enter("/to zoe")
    #expect(harness.takeCommands().contains(.client(.markRead(.lobby, 1))))
  }

  @Test func `messages of all servers count as read when the user types`() {
    var harness = InterfaceHarness.onlineLines()
    harness.receiveHead(head: 0)
    harness.open("work.example.org:4000", isShown: false)
    harness.goOnline()
    harness.receiveHead(head: 0)
    harness.receiveMessage(from: "zoe", "hello", sequence: 1)
    #expect(!harness.takeCommands().contains(.client(.markRead(.lobby, 1))))
    harness.enter("hi")
    #expect(
      harness.takeServerCommands().contains(ServerCommand(server: .work, command: .client(.markRead(.lobby, 1)))))
  }

  @Test func `each of several names that belong to another person now refuses one line`() {
    var harness = InterfaceHarness.onlineLines(with: "zoe", "kim")
    harness.receive(.otherPerson(Nickname(testing: "zoe")), .otherPerson(Nickname(testing: "kim")))
    harness.enter("/dm zoe secret", "/dm kim secret")
    #expect(harness.takeSentLines() == [])
    harness.enter("/dm zoe secret", "/dm kim secret")
    #expect(harness.takeSentLines() == ["@zoe: secret", "@kim: secret"])
  }

  private struct Missing: Error {}
}
