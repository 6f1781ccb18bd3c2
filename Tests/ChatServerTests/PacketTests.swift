import Testing

/// There are clients that take what one read returns for one line: while there is little to say, each line is handed to
/// the socket alone. What the kernel makes of it under load is its own business.
@Suite struct PacketTests {
  @Test func `a plain session's lines are handed over one by one`() throws {
    let stage = Stage()
    let neha = try stage.join("neha")
    let akash = try stage.join("akash")
    try neha.say("MSG one\nMSG two\nDM akash three\nPING\nMSG four\n")
    stage.endTurn()
    #expect(neha.take() == ["MSG neha one\n", "MSG neha two\n", "PONG\n", "MSG neha four\n"])
    #expect(akash.take() == ["MSG neha one\n", "MSG neha two\n", "DM neha three\n", "MSG neha four\n"])
    try stage.close()
  }

  @Test func `so is a list of people while it is short`() throws {
    let stage = Stage()
    let people = try (0..<8).map { try stage.join("n\($0)") }
    try people[0].say("WHO\n")
    stage.endTurn()
    #expect(people[0].take() == (0..<8).map { "USER n\($0)\n" })
    try stage.close()
  }

  @Test func `a flood is handed over together at the end of the turn`() throws {
    let stage = Stage()
    let neha = try stage.join("neha")
    let akash = try stage.join("akash")
    let numbers = 0..<100
    try neha.say(numbers.map { "MSG \($0)\n" }.joined())
    #expect(akash.take() == [])
    stage.endTurn()
    let flood = numbers.map { "MSG neha \($0)\n" }.joined()
    #expect(neha.take() == [flood])
    #expect(akash.take() == [flood])
    try stage.close()
  }

  @Test func `who reads tags is handed a turn's lines together`() throws {
    let stage = Stage()
    let neha = try stage.join("neha", "CAP REQ tags\n")
    try neha.say("PING\nPING\nPING\n")
    stage.endTurn()
    #expect(neha.take() == ["PONG\nPONG\nPONG\n"])
    try stage.close()
  }
}
