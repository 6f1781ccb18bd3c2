import Testing

/// Some clients take the result of one read for one line. At low load each line is therefore written to the socket
/// separately. The kernel may merge lines under load.
@Suite struct PacketTests {
  @Test func `the lines of a plain session are written one by one`() throws {
    let stage = Stage()
    let neha = try stage.join("neha")
    let akash = try stage.join("akash")
    try neha.say("MSG one\nMSG two\nDM akash three\nPING\nMSG four\n")
    stage.endTurn()
    #expect(neha.take() == ["MSG neha one\n", "MSG neha two\n", "PONG\n", "MSG neha four\n"])
    #expect(akash.take() == ["MSG neha one\n", "MSG neha two\n", "DM neha three\n", "MSG neha four\n"])
    try stage.close()
  }

  @Test func `the lines of a dialect without echoes are written one by one`() throws {
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

  @Test func `an author without echoes does not make a turn count as busy`() throws {
    let stage = Stage()
    let (neha, mira) = (try stage.join("neha"), try stage.join("mira", in: SilentDialect()))
    try mira.say((0..<100).map { "MSG \($0)\n" }.joined())
    try neha.say("PING\nPING\n")
    stage.endTurn()
    // The shared lines are written with the first line that is sent at once.
    #expect(neha.take() == [(0..<100).map { "MSG mira \($0)\n" }.joined() + "PONG\n", "PONG\n"])
    #expect(mira.take() == [])
    try stage.close()
  }

  @Test func `a short roster is written line by line`() throws {
    let stage = Stage()
    let people = try (0..<8).map { try stage.join("n\($0)") }
    try people[0].say("WHO\n")
    stage.endTurn()
    #expect(people[0].take() == (0..<8).map { "USER n\($0)\n" })
    try stage.close()
  }

  @Test func `a flood is written together at the end of the turn`() throws {
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

  @Test func `the lines of a turn are written together for a session with tags`() throws {
    let stage = Stage()
    let neha = try stage.join("neha", "CAP REQ tags\n")
    try neha.say("PING\nPING\nPING\n")
    stage.endTurn()
    #expect(neha.take() == ["PONG\nPONG\nPONG\n"])
    try stage.close()
  }
}
