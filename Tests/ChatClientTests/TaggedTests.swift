import ChatClient
import ChatModel
import ChatProtocol
import Testing

@Suite struct TaggedTests {
  private static let moment = "2026-11-22T10:00:00.123Z"
  private static let time = Timestamp(moment)

  @Test(arguments: [
    ["@label=3;time=2026-11-22T10:00:00.123Z OK MSG", "@time=2026-11-22T10:00:00.123Z MSG neha hi  there"],
    ["@time=2026-11-22T10:00:00.123Z MSG neha hi  there", "@label=3;time=2026-11-22T10:00:00.123Z OK MSG"],
  ])
  func `a room message is shown once whether the echo or the OK comes first`(answers: [String]) throws {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send("hi  there")
    #expect(harness.takeSent() == ["@label=3 MSG hi  there"])
    for answer in answers { harness.receive(answer) }
    let message = ChatMessage(
      target: .lobby, author: .neha, text: "hi  there", time: try #require(Self.time), isOwn: true,
      answersSend: id)
    #expect(harness.takeEvents() == [.message(message)])
    harness.advanceClock(by: .seconds(60))
    #expect(!harness.events.contains { $0.answers == id })
  }

  @Test func `equal texts are matched in order`() {
    var harness = ClientSessionHarness.tagged()
    let first = harness.send("ok")
    let second = harness.send("ok")
    harness.receive("MSG neha ok", "@label=3 OK MSG", "@label=4 OK MSG", "MSG neha ok")
    #expect(harness.events.compactMap(\.answers) == [first, second])
  }

  @Test func `a message that was accepted but never echoed is confirmed`() throws {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send("hi")
    harness.receive("@label=3;time=\(Self.moment) OK MSG")
    #expect(harness.takeEvents() == [])
    harness.advanceClock(by: .seconds(2))
    #expect(harness.takeEvents() == [.sendConfirmed(id, sequence: nil, time: try #require(Self.time))])
    harness.receive("MSG neha hi")
    #expect(harness.takeEvents() == [], "a late echo is not reported again")
  }

  @Test func `a message that was accepted before the link broke is confirmed`() throws {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send("hi")
    harness.receive("@label=3;time=\(Self.moment) OK MSG")
    harness.handle(.closed(reason: nil))
    #expect(harness.events.first == .sendConfirmed(id, sequence: nil, time: try #require(Self.time)))
  }

  @Test func `a direct message is confirmed by its label`() throws {
    var harness = ClientSessionHarness.tagged()
    let first = harness.send("psst", to: .person(.akash))
    let second = harness.send("psst", to: .person(.mira))
    #expect(harness.takeSent() == ["@label=3 DM akash psst", "@label=4 DM mira psst"])
    harness.receive("@label=4;time=\(Self.moment) OK DM", "@label=3 ERR user-not-found DM Nobody is called akash.")
    #expect(
      harness.takeEvents() == [
        .sendConfirmed(second, sequence: nil, time: try #require(Self.time)),
        .sendFailed(first, reason: "Nobody is called akash.", failure: .refused(.userNotFound)),
      ])
  }

  @Test func `a direct message to oneself is shown once`() {
    var harness = ClientSessionHarness.tagged()
    let first = harness.send("milk", to: .person(.neha))
    harness.receive("DM neha milk", "@label=3 OK DM")
    let second = harness.send("eggs", to: .person(.neha))
    harness.receive("@label=4 OK DM", "DM neha eggs")
    #expect(harness.events.compactMap(\.answers) == [first, second])
    #expect(harness.events.count == 2)
  }

  @Test func `an error without text is explained`() {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send("hi")
    harness.receive("@label=3 ERR storage-unavailable MSG")
    #expect(
      harness.events == [
        .sendFailed(
          id, reason: ErrorCode.storageUnavailable.explanation, failure: .refused(.storageUnavailable))
      ])
    harness.receive("@label=99 ERR unknown-command *", "ERR line-too-long * It is too long.")
    #expect(
      harness.events.dropFirst() == [
        .serverError(ErrorCode.unknownCommand.explanation), .serverError("It is too long."),
      ])
  }

  @Test func `messages of other users are reported`() throws {
    var harness = ClientSessionHarness.tagged()
    harness.receive("@time=\(Self.moment) MSG akash  two spaces", "DM mira \u{202e}psst\u{7}")
    let time = try #require(Self.time)
    #expect(
      harness.takeEvents() == [
        .message(ChatMessage(target: .lobby, author: .akash, text: " two spaces", time: time, isOwn: false)),
        .message(
          ChatMessage(target: .person(.mira), author: .mira, text: "psst\u{fffd}", time: harness.wall, isOwn: false)),
      ])
  }

  // MARK: Presence

  @Test func `the roster is read from a batch and updated live`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.who)
    #expect(harness.takeSent() == ["@label=3 WHO"])
    harness.receive(
      "@label=3 BATCH +x who", "@batch=x USER mira", "@batch=x;away=at\\slunch USER akash", "@batch=y USER eve",
      "@batch=x USER neha", "BATCH -y", "BATCH -x")
    #expect(
      harness.takeEvents() == [.roster(.lobby, [Person(.mira), Person(.akash, away: "at lunch"), Person(.neha)])])
    let vik = Nickname(known: "vik")
    harness.receive(
      "JOINED vik", "JOINED VIK", "AWAY vik gone", "AWAY vik gone", "BACK vik", "BACK vik", "LEFT vik idle",
      "BACK akash")
    #expect(
      harness.takeEvents() == [
        .joined(vik, .lobby), .away(vik, text: "gone"), .back(vik), .left(vik, .lobby, reason: "was idle for too long"),
        .back(.akash),
      ])
    harness.advanceClock(by: .seconds(14))
    #expect(harness.takeSent() == [], "with presence no roster is requested")
  }

  @Test func `no answer is an empty roster if a server lists only the others, without a batch`() throws {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags", "@label=1 OK LOGIN")
    #expect(harness.takeSent().last == "@label=2 WHO")
    harness.receive("USER akash")
    harness.advanceClockAnsweringPings(seconds: 15)
    #expect(harness.takeEvents().compactMap(\.rosterNames) == [["akash", "neha"]])
    // The next request follows after 5 seconds and waits for 30.
    harness.advanceClockAnsweringPings(seconds: 35)
    #expect(harness.takeEvents().compactMap(\.rosterNames) == [["neha"]])
    // Polling goes on, however often the answer has no line.
    harness.advanceClockAnsweringPings(seconds: 4 * 35 + 5)
    harness.receive("USER mira")
    harness.advanceClockAnsweringPings(seconds: 15)
    #expect(harness.takeEvents().compactMap(\.rosterNames) == [["mira", "neha"]])
    // A refusal is no empty roster.
    harness.advanceClock(by: .seconds(5))
    let request = try #require(harness.takeSent().last { $0.hasSuffix(" WHO") })
    harness.receive("\(request.prefix { $0 != " " }) ERR storage-unavailable WHO")
    #expect(harness.takeEvents().compactMap(\.rosterNames) == [])
    #expect(harness.closes == 0)
  }

  @Test(arguments: [
    ["USER akash", "USER neha"], ["@label=2 BATCH +r who", "@batch=r USER akash", "BATCH -r"],
  ])
  func `no answer is no roster if a server lists the asking client or answers with a batch`(answer: [String]) {
    var harness = ClientSessionHarness()
    harness.command(.connect(.home, ClientMemory()))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags", "@label=1 OK LOGIN")
    for line in answer { harness.receive(line) }
    harness.advanceClockAnsweringPings(seconds: 50)
    #expect(harness.events.compactMap(\.rosterNames) == [["akash", "neha"]])
  }

  @Test func `away is sent and sent again after a lost connection`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.away("lunch"))
    #expect(harness.takeSent() == ["@label=3 AWAY lunch"])
    harness.handle(.closed(reason: nil))
    harness.advanceClock(by: .seconds(1))
    harness.handle(.opened(nil))
    harness.receive("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(harness.takeSent().contains { $0.hasSuffix(" AWAY lunch") })
    harness.command(.away(nil))
    #expect(harness.takeSent() == ["@label=4 AWAY"])
  }

  @Test func `a return is sent even if another terminal set the user away`() {
    var harness = ClientSessionHarness.tagged()
    harness.receive("AWAY neha lunch")
    harness.command(.away(nil))
    #expect(harness.takeSent() == ["@label=3 AWAY"])
  }

  @Test func `away that another terminal has ended is not sent again after a lost connection`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.away("lunch"))
    #expect(harness.takeSent() == ["@label=4 AWAY lunch"])
    harness.receive("AWAY neha lunch", "@label=4 OK AWAY", "AWAY neha meeting", "BACK neha")
    harness.resume()
    #expect(!harness.takeSent().contains { $0.contains("AWAY") })
  }

  @Test func `a return is sent on the next connection if the last one did not answer it`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    harness.command(.away("lunch"))
    harness.receive("@label=4 OK AWAY", "AWAY neha lunch")
    var offline = harness
    harness.command(.away(nil))
    harness.takeAll()
    harness.resume()
    #expect(harness.takeSent().contains { $0.hasSuffix(" AWAY") })
    offline.handle(.closed(reason: nil))
    offline.command(.away(nil))
    offline.resume()
    #expect(offline.takeSent().contains { $0.hasSuffix(" AWAY") })
  }

  @Test func `an away text that the server refuses is reported`() {
    var harness = ClientSessionHarness.tagged()
    harness.command(.away("lunch"))
    harness.receive("@label=3 ERR muted AWAY You can only read.")
    #expect(harness.takeEvents() == [.serverError("You can only read.")])
  }

  @Test func `the message of the day is reported`() {
    var harness = ClientSessionHarness.tagged()
    harness.receive("MOTD Be kind.")
    #expect(harness.events == [.messageOfTheDay("Be kind.")])
  }

  // MARK: Texts

  @Test func `a text that is too long is refused and one that fits is sent`() {
    var harness = ClientSessionHarness.tagged()
    let fits = harness.send(String(repeating: "x", count: 4092))
    #expect(harness.takeSent().count == 1)
    let long = harness.send(String(repeating: "x", count: 4093))
    let longer = harness.send(String(repeating: "é", count: 2044), to: .person(.akash))
    #expect(
      harness.events == [
        .sendFailed(long, reason: "It is 1 byte too long for one message."),
        .sendFailed(longer, reason: "It is 1 byte too long for one message."),
      ])
    #expect(harness.takeSent() == [])
    _ = fits
  }

  @Test(arguments: ["", " ", " \t ", "\u{3000}"])
  func `a blank text is refused`(text: String) {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send(text)
    #expect(harness.events == [.sendFailed(id, reason: ErrorCode.emptyMessage.explanation)])
    #expect(harness.sent == [])
  }

  @Test func `a user who becomes an operator, or stops being one, learns it at once`() {
    var harness = ClientSessionHarness.tagged()
    harness.receive("@operator INFO zoe made you an operator.")
    #expect(harness.takeEvents() == [.operatorChanged(true), .notice("zoe made you an operator.")])
    harness.receive("@operator=no INFO zoe removed you as an operator.")
    #expect(harness.takeEvents() == [.operatorChanged(false), .notice("zoe removed you as an operator.")])
    harness.receive("INFO zoe invited you to #dev.")
    #expect(harness.takeEvents() == [.notice("zoe invited you to #dev.")])
  }

  @Test func `the number of unanswered sends is limited`() {
    var harness = ClientSessionHarness.tagged()
    for number in 1...20 { harness.send("m\(number)") }
    #expect(harness.takeSent().count == 8)
    harness.receive("MSG neha m1", "MSG neha m2")
    #expect(harness.takeSent() == ["@label=11 MSG m9", "@label=12 MSG m10"])
  }

  @Test func `a message that is never answered fails`() {
    var harness = ClientSessionHarness.tagged()
    let id = harness.send("hi")
    for _ in 1...6 {
      harness.advanceClock(by: .seconds(5))
      harness.receive("MSG akash still here")
    }
    #expect(harness.events.contains(.sendFailed(id, reason: "The server did not confirm it.", failure: .unconfirmed)))
  }
}
