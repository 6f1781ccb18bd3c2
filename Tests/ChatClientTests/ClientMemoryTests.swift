import ChatClient
import ChatModel
import ChatProtocol
import Testing

/// A client without a screen, which keeps only its `ClientMemory`.
@Suite struct ClientMemoryTests {
  private let time = Timestamp(milliseconds: 0)
  private let epoch = Epoch(known: "e1")

  private func message(_ sequence: Int, answering id: SendID? = nil) -> ChatMessage {
    ChatMessage(
      target: .lobby, author: .mira, text: "\(sequence)", time: time, isOwn: id != nil, answersSend: id,
      sequence: sequence)
  }

  @Test func `the memory keeps the last reported message of each conversation`() {
    var memory = ClientMemory(cursors: [Cursor(target: .person(.mira), epoch: epoch, sequence: 3)])
    let garden = Target.room(RoomName(known: "#garden"))
    for event in [
      ClientEvent.message(message(4)), .synced(.lobby, epoch, head: 7, mark: nil),
      .older(.lobby, [message(5), message(7)], hasMore: true), .older(.lobby, [message(1)], hasMore: false),
      .message(message(8)), .synced(garden, epoch, head: 0, mark: nil),
    ] { memory.note(event) }
    let expected = [
      Cursor(target: .person(.mira), epoch: epoch, sequence: 3), Cursor(target: .lobby, epoch: epoch, sequence: 8),
      Cursor(target: garden, epoch: epoch, sequence: 0),
    ]
    #expect(memory.cursors == expected)
    memory.note(.roomLeft(RoomName(known: "#garden"), reason: nil))
    memory.note(.reset(.lobby))
    #expect(memory.cursors == [expected[0]], "a conversation that was reset has no cursor")
    memory.note(.synced(.lobby, Epoch(known: "e2"), head: 2, mark: nil))
    #expect(memory.cursors.last == Cursor(target: .lobby, epoch: Epoch(known: "e2"), sequence: 0))
  }

  @Test func `the memory keeps each send until its result`() {
    var memory = ClientMemory()
    memory.note(.synced(.lobby, epoch, head: 0, mark: nil))
    for id in 1...4 { memory.note(.say(id: SendID(UInt64(id)), to: .lobby, text: "\(id)"), at: time) }
    let other = OutgoingMessage(id: SendID(9), target: .person(.mira), text: "left behind", time: time)
    memory.note(.takeOver([other, memory.unconfirmed[0]]), at: time)
    #expect(memory.unconfirmed.map(\.id.rawValue) == [1, 2, 3, 4, 9])
    memory.note(.sending(SendID(4)))
    memory.note(.addressed(SendID(9), epoch))
    memory.note(.message(message(1, answering: SendID(1))))
    memory.note(.sendConfirmed(SendID(2), sequence: 2, time: time))
    memory.note(.sendFailed(SendID(3), reason: "No."))
    #expect(memory.unconfirmed.map(\.wasTransmitted) == [true, false])
    #expect(memory.unconfirmed.map(\.epoch) == [nil, epoch])
    #expect(memory.cursors.map(\.sequence) == [2])
  }

  @Test func `the memory continues a session in the next process`() {
    var harness = ClientSessionHarness.withAllCapabilities()
    var memory = ClientMemory()
    let say = ClientCommand.say(id: SendID(7), to: .lobby, text: "unanswered")
    memory.note(say, at: harness.wall)
    harness.command(say)
    harness.receive("@seq=6;id=60 MSG mira six")
    memory.note(.token("t0"))
    memory.note(.synced(.lobby, epoch, head: 5, mark: nil))
    for event in harness.takeEvents() { memory.note(event) }
    for id in harness.sendings { memory.note(.sending(id)) }
    #expect(memory.unconfirmed.map(\.wasTransmitted) == [true])
    #expect(memory.cursors.first { $0.target == .lobby }?.sequence == 6)
    var next = ClientSessionHarness()
    next.command(.connect(.home, memory))
    next.logIn(head: 6, again: true)
    #expect(next.takeSent().contains { $0.hasPrefix("@cid=7;") && $0.hasSuffix(" MSG unanswered") })
  }
}
