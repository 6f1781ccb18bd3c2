import ChatModel
import ChatProtocol
import Testing

@testable import swiftchat

/// `swiftchat send`: the order of the lines, and the status and message at the end.
@Suite struct SendTaskTests {
  private func stage(
    _ text: String = "hello", to target: Target = .lobby, key: String? = nil
  ) throws -> ScriptStage<SendTask> {
    let key = key.flatMap { SendKey($0) }
    return ScriptStage(
      SendTask(try SendText(text, to: target), to: target, key: key, link: .home, firstID: 7))
  }

  private func stored(_ id: UInt64) -> ClientEvent {
    .sendConfirmed(SendID(id), sequence: Int(id), time: Timestamp(milliseconds: 0))
  }

  private func texts(_ commands: [ClientCommand]) -> [String] {
    commands.flatMap { command -> [String] in
      guard case .takeOver(let messages) = command else { return ["\(command)"] }
      return messages.map(\.text)
    }
  }

  @Test func `a line is sent when the one before it is stored`() throws {
    var stage = try stage("one\n\n two\r\nthree\n")
    #expect(stage.take() == [])
    stage.hear(.connected)
    #expect(texts(stage.takeCommands()) == ["one"])
    stage.hear(.sending(SendID(7)))
    #expect(stage.take() == [])
    stage.hear(stored(7))
    #expect(texts(stage.takeCommands()) == [" two"])
    stage.hear(.sending(SendID(8)), stored(8), .sending(SendID(9)), stored(9))
    #expect(stage.end == .success)
  }

  @Test func `a text of several lines is one message if the server takes it`() throws {
    var stage = try stage("\n one\r\n\n two\n\n", key: "k")
    stage.hear(.connectedWithLines)
    let commands = stage.takeCommands()
    #expect(texts(commands) == [" one\n\n two"])
    let messages = commands.flatMap {
      if case .takeOver(let messages) = $0 { messages } else { [] as [OutgoingMessage] }
    }
    #expect(messages.map { $0.idempotencyKey?.text } == ["k:1"])
    // The next server takes only single lines: the message that was sent is not split.
    stage.hear(.sending(SendID(7)), .lost(), .connected)
    #expect(stage.takeCommands() == [])
    stage.hear(stored(7))
    #expect(stage.end == .success)
  }

  @Test func `a text that does not fit into one message is sent line by line`() throws {
    for text in [
      Array(repeating: "x", count: 51), Array(repeating: String(repeating: "x", count: 2100), count: 2),
      ["only one"],
    ] {
      var stage = try stage(text.joined(separator: "\n"))
      stage.hear(.connectedWithLines)
      #expect(texts(stage.takeCommands()) == [text[0]])
    }
  }

  @Test func `each line has a key of its own`() throws {
    var stage = try stage("one\ntwo", key: "ci-1")
    stage.hear(.connected, stored(7))
    let keys = stage.takeCommands().flatMap { command -> [String?] in
      guard case .takeOver(let messages) = command else { return [] }
      return messages.map { $0.idempotencyKey?.text }
    }
    #expect(keys == ["ci-1:1", "ci-1:2"])
    #expect(SendKey(String(repeating: "k", count: 51)) == nil)
    #expect(SendKey("") == nil)
    #expect(SendKey("a b") == nil)
    #expect(SendKey(String(repeating: "k", count: 50))?.key(ofLine: 1_048_576) != nil)
  }

  @Test func `a room is joined before the first line, and a person is not`() throws {
    var stage = try stage(to: .room(.dev))
    stage.hear(.connected)
    #expect(stage.takeCommands() == [.join(.dev)])
    stage.hear(.roomJoined(.dev))
    #expect(texts(stage.takeCommands()) == ["hello"])
    // The session joins again by itself, and sends again.
    stage.hear(.sending(SendID(7)), .lost(), .connected, .roomJoined(.dev))
    #expect(stage.takeCommands() == [])
    stage.hear(stored(7))
    #expect(stage.end == .success)
  }

  @Test func `nothing is sent to a server that does not recognise the key`() throws {
    var stage = try stage(key: "k")
    stage.hear(.plain)
    #expect(stage.end?.status == .refused)
    #expect(stage.takeCommands() == [])
  }

  @Test func `a server without confirmations is never said to have stored anything`() throws {
    var stage = try stage()
    stage.hear(.plain, .sending(SendID(7)), stored(7))
    #expect(stage.end?.status == .unknown)
    var room = try self.stage(to: .room(.dev))
    room.hear(.plain)
    #expect(room.end?.status == .refused)
  }

  // MARK: Failures

  static let failures: [(SendFailure, ScriptStatus)] = [
    (.refused(.userNotFound), .nobody), (.refused(.storageUnavailable), .notStored), (.refused(.slowMode), .notStored),
    (.refused(.muted), .refused), (.refused(.keyConflict), .refused), (.refused(nil), .refused),
    (.notStored, .notStored), (.unconfirmed, .unknown),
  ]

  @Test(arguments: failures)
  func `each kind of failure has its own status`(failure: SendFailure, status: ScriptStatus) throws {
    var stage = try stage()
    stage.hear(.connected, .sending(SendID(7)), .sendFailed(SendID(7), reason: "No.", failure: failure))
    #expect(stage.end?.status == status)
    let message = try #require(stage.end?.message)
    #expect(message.contains("nothing was sent") == (status != .unknown), "\(message)")
    #expect(!message.contains("\n"))
  }

  @Test func `after a failure it is said which lines are stored`() throws {
    var stage = try stage("one\ntwo\nthree\nfour")
    stage.hear(.connected, stored(7), stored(8), .sending(SendID(9)))
    stage.hear(.sendFailed(SendID(9), reason: "You are muted; you may read.", failure: .refused(.muted)))
    #expect(
      stage.end
        == ScriptEnd(
          .refused, "you are muted; you may read; the first 2 lines are stored; the rest was not sent"))
  }

  @Test func `silence after a line was sent is not said to be a failure`() throws {
    var stage = try stage("one\ntwo")
    stage.hear(.connected, stored(7), .sending(SendID(8)), .lost())
    stage.pass(.seconds(29))
    #expect(stage.end == nil)
    stage.pass(.seconds(1))
    #expect(stage.end?.status == .unknown)
    #expect(stage.end?.message.contains("line 2 of 2 may be stored or not") == true)
    #expect(stage.end?.message.contains("the first line is stored") == true)
  }

  @Test func `attempts end after the time limit, which begins again with each stored line`() throws {
    var stage = try stage("one\ntwo")
    stage.hear(.lost("connection refused"))
    stage.pass(.seconds(20))
    stage.hear(.connected)
    stage.pass(.seconds(20))
    stage.hear(stored(7))
    stage.pass(.seconds(20))
    #expect(stage.end == nil)
    var silent = try self.stage()
    silent.hear(.lost("connection refused"))
    silent.pass(.seconds(30))
    #expect(
      silent.end
        == ScriptEnd(
          .noConnection, "no connection to 192.0.2.7:4000 within 30 s: connection refused; nothing was sent"))
  }

  @Test func `a login that cannot succeed ends at once`() throws {
    var banned = try stage()
    banned.hear(.lost("we are banned", isFinal: true))
    #expect(banned.end?.status == .refused)
    var pin = try stage()
    let known = try #require(Pin([UInt8](repeating: 1, count: Pin.bytes)))
    pin.hear(.distrusted(.home, known: known, seen: nil), .lost("compare the pins", isFinal: true))
    #expect(pin.end == ScriptEnd(.untrusted, "compare the pins; nothing was sent"))
    var taken = try stage()
    taken.hear(.nameRefused(.neha, .reserved, suggestion: nil))
    #expect(taken.end?.status == .refused)
    #expect(taken.end?.message.contains("--name") == true)
    var room = try stage(to: .room(.dev))
    room.hear(.connected, .joinFailed(.dev, reason: "This room is for invited people; ask who made it."))
    #expect(room.end?.message == "#dev: this room is for invited people; ask who made it; nothing was sent")
  }

  // MARK: Texts

  @Test func `a text with a line that is too long is refused as a whole`() throws {
    // MSG, a space, and the text: 4096 bytes.
    #expect(try SendText(String(repeating: "é", count: 2046), to: .lobby).lines.count == 1)
    #expect(throws: ScriptEnd.self) { try SendText("fine\n" + String(repeating: "é", count: 2047), to: .lobby) }
    #expect(throws: ScriptEnd.self) { try SendText(String(repeating: "é", count: 2046), to: .person(.neha)) }
    #expect(throws: ScriptEnd.self) { try SendText(" \n\t\n", to: .lobby) }
    #expect(throws: ScriptEnd.self) { try SendText("", to: .lobby) }
  }
}
