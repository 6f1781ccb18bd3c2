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
    var play = Play.tagged()
    let id = play.say("hi  there")
    #expect(play.takeSent() == ["@label=3 MSG hi  there"])
    for answer in answers { play.server(answer) }
    let message = ChatMessage(
      target: .lobby, author: .neha, text: "hi  there", time: try #require(Self.time), isOwn: true,
      answersSend: id)
    #expect(play.takeEvents() == [.message(message)])
    play.pass(.seconds(60))
    #expect(!play.events.contains { $0.answers == id })
  }

  @Test func `equal texts are matched in order`() {
    var play = Play.tagged()
    let first = play.say("ok")
    let second = play.say("ok")
    play.server("MSG neha ok", "@label=3 OK MSG", "@label=4 OK MSG", "MSG neha ok")
    #expect(play.events.compactMap(\.answers) == [first, second])
  }

  @Test func `a message that was accepted but never echoed is confirmed`() throws {
    var play = Play.tagged()
    let id = play.say("hi")
    play.server("@label=3;time=\(Self.moment) OK MSG")
    #expect(play.takeEvents() == [])
    play.pass(.seconds(2))
    #expect(play.takeEvents() == [.sendConfirmed(id, sequence: nil, time: try #require(Self.time))])
    play.server("MSG neha hi")
    #expect(play.takeEvents() == [], "it was shown already")
  }

  @Test func `a message that was accepted before the link broke is confirmed`() throws {
    var play = Play.tagged()
    let id = play.say("hi")
    play.server("@label=3;time=\(Self.moment) OK MSG")
    play.handle(.closed(reason: nil))
    #expect(play.events.first == .sendConfirmed(id, sequence: nil, time: try #require(Self.time)))
  }

  @Test func `a direct message is confirmed by its label`() throws {
    var play = Play.tagged()
    let first = play.say("psst", to: .person(.akash))
    let second = play.say("psst", to: .person(.mira))
    #expect(play.takeSent() == ["@label=3 DM akash psst", "@label=4 DM mira psst"])
    play.server("@label=4;time=\(Self.moment) OK DM", "@label=3 ERR user-not-found DM Nobody is called akash.")
    #expect(
      play.takeEvents() == [
        .sendConfirmed(second, sequence: nil, time: try #require(Self.time)),
        .sendFailed(first, reason: "Nobody is called akash.", failure: .refused(.userNotFound)),
      ])
  }

  @Test func `a direct message to oneself is shown once`() {
    var play = Play.tagged()
    let first = play.say("milk", to: .person(.neha))
    play.server("DM neha milk", "@label=3 OK DM")
    let second = play.say("eggs", to: .person(.neha))
    play.server("@label=4 OK DM", "DM neha eggs")
    #expect(play.events.compactMap(\.answers) == [first, second])
    #expect(play.events.count == 2)
  }

  @Test func `an error without text is explained`() {
    var play = Play.tagged()
    let id = play.say("hi")
    play.server("@label=3 ERR storage-unavailable MSG")
    #expect(
      play.events == [
        .sendFailed(
          id, reason: ErrorCode.storageUnavailable.explanation, failure: .refused(.storageUnavailable))
      ])
    play.server("@label=99 ERR unknown-command *", "ERR line-too-long * It is too long.")
    #expect(
      play.events.dropFirst() == [
        .serverError(ErrorCode.unknownCommand.explanation), .serverError("It is too long."),
      ])
  }

  @Test func `messages of other users are reported`() throws {
    var play = Play.tagged()
    play.server("@time=\(Self.moment) MSG akash  two spaces", "DM mira \u{202e}psst\u{7}")
    let time = try #require(Self.time)
    #expect(
      play.takeEvents() == [
        .message(ChatMessage(target: .lobby, author: .akash, text: " two spaces", time: time, isOwn: false)),
        .message(
          ChatMessage(target: .person(.mira), author: .mira, text: "psst\u{fffd}", time: play.wall, isOwn: false)),
      ])
  }

  // MARK: Presence

  @Test func `the roster is read from a batch and updated live`() {
    var play = Play.tagged()
    play.command(.who)
    #expect(play.takeSent() == ["@label=3 WHO"])
    play.server(
      "@label=3 BATCH +x who", "@batch=x USER mira", "@batch=x;away=at\\slunch USER akash", "@batch=y USER eve",
      "@batch=x USER neha", "BATCH -y", "BATCH -x")
    #expect(play.takeEvents() == [.roster(.lobby, [Person(.mira), Person(.akash, away: "at lunch"), Person(.neha)])])
    let vik = Nickname(known: "vik")
    play.server(
      "JOINED vik", "JOINED VIK", "AWAY vik gone", "AWAY vik gone", "BACK vik", "BACK vik", "LEFT vik idle",
      "BACK akash")
    #expect(
      play.takeEvents() == [
        .joined(vik, .lobby), .away(vik, text: "gone"), .back(vik), .left(vik, .lobby, reason: "was idle for too long"),
        .back(.akash),
      ])
    play.pass(.seconds(14))
    #expect(play.takeSent() == [], "who hears of everything does not ask")
  }

  @Test func `away is sent and sent again after a lost connection`() {
    var play = Play.tagged()
    play.command(.away("lunch"))
    #expect(play.takeSent() == ["@label=3 AWAY lunch"])
    play.handle(.closed(reason: nil))
    play.pass(.seconds(1))
    play.handle(.opened(nil))
    play.server("CAP ACK tags presence", "@label=1 OK LOGIN")
    #expect(play.takeSent().contains { $0.hasSuffix(" AWAY lunch") })
    play.command(.away(nil))
    #expect(play.takeSent() == ["@label=4 AWAY"])
  }

  @Test func `the message of the day is reported`() {
    var play = Play.tagged()
    play.server("MOTD Be kind.")
    #expect(play.events == [.messageOfTheDay("Be kind.")])
  }

  // MARK: Texts

  @Test func `a text that is too long is refused and one that fits is sent`() {
    var play = Play.tagged()
    let fits = play.say(String(repeating: "x", count: 4092))
    #expect(play.takeSent().count == 1)
    let long = play.say(String(repeating: "x", count: 4093))
    let longer = play.say(String(repeating: "é", count: 2044), to: .person(.akash))
    #expect(
      play.events == [
        .sendFailed(long, reason: "It is 1 byte too long for one message."),
        .sendFailed(longer, reason: "It is 1 byte too long for one message."),
      ])
    #expect(play.takeSent() == [])
    _ = fits
  }

  @Test(arguments: ["", " ", " \t ", "\u{3000}"])
  func `a blank text is refused`(text: String) {
    var play = Play.tagged()
    let id = play.say(text)
    #expect(play.events == [.sendFailed(id, reason: ErrorCode.emptyMessage.explanation)])
    #expect(play.sent == [])
  }

  @Test func `the number of unanswered sends is limited`() {
    var play = Play.tagged()
    for number in 1...20 { play.say("m\(number)") }
    #expect(play.takeSent().count == 8)
    play.server("MSG neha m1", "MSG neha m2")
    #expect(play.takeSent() == ["@label=11 MSG m9", "@label=12 MSG m10"])
  }

  @Test func `a message that is never answered fails`() {
    var play = Play.tagged()
    let id = play.say("hi")
    for _ in 1...6 {
      play.pass(.seconds(5))
      play.server("MSG akash still here")
    }
    #expect(play.events.contains(.sendFailed(id, reason: "The server did not confirm it.", failure: .unconfirmed)))
  }
}
