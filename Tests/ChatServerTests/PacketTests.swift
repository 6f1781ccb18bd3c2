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

  @Test func `so are those of a dialect without echoes, to whoever wrote some of them, too`() throws {
    let stage = Stage()
    let (neha, mira) = (try stage.join("neha"), try stage.join("mira", in: SilentDialect()))
    let other = try stage.join("other", in: SilentDialect())
    try neha.say("MSG 1\n")
    try mira.say("MSG 2\n")
    try neha.say("MSG 3\n")
    try mira.say("PING\nMSG 4\n")
    stage.endTurn()
    #expect(mira.take() == ["MSG neha 1\n", "MSG neha 3\n", "PONG\n"])
    let lines = ["MSG neha 1\n", "MSG mira 2\n", "MSG neha 3\n", "MSG mira 4\n"]
    #expect(other.take() == lines)
    #expect(neha.take() == lines)
    try stage.close()
  }

  @Test func `an author without echoes makes no turn look like a busy one`() throws {
    let stage = Stage()
    let (neha, mira) = (try stage.join("neha"), try stage.join("mira", in: SilentDialect()))
    try mira.say((0..<100).map { "MSG \($0)\n" }.joined())
    try neha.say("PING\nPING\n")
    stage.endTurn()
    // The shared lines leave with the first line that is sent at once.
    #expect(neha.take() == [(0..<100).map { "MSG mira \($0)\n" }.joined() + "PONG\n", "PONG\n"])
    #expect(mira.take() == [])
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
