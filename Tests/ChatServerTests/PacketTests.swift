import Testing

/// Some clients take the result of one read for one line. At low load each line is therefore written to the socket
/// separately. The kernel may merge lines under load.
@Suite struct PacketTests {
  @Test func `the lines of a plain session are written one by one`() throws {
    let harness = ServerHarness()
    let neha = try harness.logIn("neha")
    let akash = try harness.logIn("akash")
    try neha.send("MSG one\nMSG two\nDM akash three\nPING\nMSG four\n")
    harness.endIteration()
    #expect(neha.takePackets() == ["MSG neha one\n", "MSG neha two\n", "PONG\n", "MSG neha four\n"])
    #expect(akash.takePackets() == ["MSG neha one\n", "MSG neha two\n", "DM neha three\n", "MSG neha four\n"])
    try harness.close()
  }

  @Test func `the lines of a dialect without echoes are written one by one`() throws {
    let harness = ServerHarness()
    let (neha, mira) = (try harness.logIn("neha"), try harness.logIn("mira", in: SilentDialect()))
    let other = try harness.logIn("other", in: SilentDialect())
    try neha.send("MSG 1\n")
    try mira.send("MSG 2\n")
    try neha.send("MSG 3\n")
    try mira.send("PING\nMSG 4\n")
    harness.endIteration()
    #expect(mira.takePackets() == ["MSG neha 1\n", "MSG neha 3\n", "PONG\n"])
    let lines = ["MSG neha 1\n", "MSG mira 2\n", "MSG neha 3\n", "MSG mira 4\n"]
    #expect(other.takePackets() == lines)
    #expect(neha.takePackets() == lines)
    try harness.close()
  }

  @Test func `an author without echoes does not make a iteration count as busy`() throws {
    let harness = ServerHarness()
    let (neha, mira) = (try harness.logIn("neha"), try harness.logIn("mira", in: SilentDialect()))
    try mira.send((0..<100).map { "MSG \($0)\n" }.joined())
    try neha.send("PING\nPING\n")
    harness.endIteration()
    // The shared lines are written with the first line that is sent at once.
    #expect(neha.takePackets() == [(0..<100).map { "MSG mira \($0)\n" }.joined() + "PONG\n", "PONG\n"])
    #expect(mira.takePackets() == [])
    try harness.close()
  }

  @Test func `the lines of one message are written one by one to a plain session, up to a limit`() throws {
    let harness = ServerHarness()
    let (neha, akash) = (try harness.logIn("neha"), try harness.logIn("akash"))
    try neha.send("CAP REQ tags lines\n")
    harness.endIteration()
    _ = neha.takePackets()
    let lines = (1...16).map(String.init)
    for text in [lines, lines + ["17"]] {
      try neha.send("@lines MSG \(text.joined(separator: "\\n"))\n@lines DM akash \(text.joined(separator: "\\n"))\n")
      harness.endIteration()
      let said = ["MSG", "DM"].flatMap { verb in text.map { "\(verb) neha \($0)\n" } }
      let packets = akash.takePackets()
      #expect(packets.joined() == said.joined())
      if text == lines { #expect(packets == said) } else { #expect(packets.count <= 2) }
    }
    try harness.close()
  }

  @Test func `a short roster is written line by line`() throws {
    let harness = ServerHarness()
    let people = try (0..<8).map { try harness.logIn("n\($0)") }
    try people[0].send("WHO\n")
    harness.endIteration()
    #expect(people[0].takePackets() == (0..<8).map { "USER n\($0)\n" })
    try harness.close()
  }

  @Test func `a flood is written together at the end of the iteration`() throws {
    let harness = ServerHarness()
    let neha = try harness.logIn("neha")
    let akash = try harness.logIn("akash")
    let numbers = 0..<100
    try neha.send(numbers.map { "MSG \($0)\n" }.joined())
    #expect(akash.takePackets() == [])
    harness.endIteration()
    let flood = numbers.map { "MSG neha \($0)\n" }.joined()
    #expect(neha.takePackets() == [flood])
    #expect(akash.takePackets() == [flood])
    try harness.close()
  }

  @Test func `the lines of a iteration are written together for a session with tags`() throws {
    let harness = ServerHarness()
    let neha = try harness.logIn("neha", "CAP REQ tags\n")
    try neha.send("PING\nPING\nPING\n")
    harness.endIteration()
    #expect(neha.takePackets() == ["PONG\nPONG\nPONG\n"])
    try harness.close()
  }
}
