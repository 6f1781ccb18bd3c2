import TestSupport
import ChatProtocol
import NIOCore
import Testing

/// https://ircv3.net/specs/extensions/message-tags
@Suite struct TagsTests {
  /// The decoded tags; nil if they are malformed.
  private static func read(_ written: String) throws -> Tags? {
    var decoder = LineDecoder(allowsTags: true)
    decoder.append(ByteBuffer(string: "@\(written) PING\n"))
    let result = decoder.next()
    switch try #require(result) {
    case .success(let line):
      #expect(line.text == "PING")
      return line.tags
    case .failure(.malformedTags): return nil
    case .failure(let fault): throw fault
    }
  }

  private static func write(_ tags: Tags) -> String { ClientMessage.ping.written(tags: tags) }

  @Test(arguments: [
    (#"\:"#, ";"), (#"\s"#, " "), (#"\\"#, "\\"), (#"\r"#, "\r"), (#"\n"#, "\n"),
    (#"\\s"#, "\\s"), (#"\\\s"#, "\\ "), (#"a\\\\b"#, #"a\\b"#), (#"\r\n"#, "\r\n"),
    (#"\b"#, "b"), (#"\é"#, "é"), (#"\😀"#, "😀"), (#"a\"#, "a"), (#"\"#, ""), (#"\\\"#, "\\"),
    ("a=b=c", "a=b=c"), ("", ""), ("é", "é"), (",", ","), (":x", ":x"), ("@", "@"), ("a\tb", "a\tb"),
  ])
  func unescaping(_ escaped: String, _ value: String) throws {
    #expect(try Self.read("k=\(escaped)")?["k"]?.exactly == value.exactly)
  }

  @Test(arguments: [
    (";", #"\:"#), (" ", #"\s"#), ("\\", #"\\"#), ("\r", #"\r"#), ("\n", #"\n"#), ("\r\n", #"\r\n"#),
    ("\\s", #"\\s"#), ("a;b c", #"a\:b\sc"#), ("=", "="), ("é", "é"), (" \u{301}", "\\s\u{301}"), ("a\tb", "a\tb"),
  ])
  func escaping(_ value: String, _ escaped: String) {
    var tags = Tags()
    tags["k"] = value
    #expect(Self.write(tags).exactly == "@k=\(escaped) PING\n".exactly)
  }

  @Test func `the last of two tags with one key counts`() throws {
    let tags = try #require(try Self.read("a=1;b=2;a=3;A=4;a"))
    #expect(tags["a"] == "")
    #expect(tags["A"] == "4")
    #expect(tags["b"] == "2")
    #expect(tags["c"] == nil)
  }

  @Test func `empty and missing values are the same`() throws {
    let tags = try #require(try Self.read("a=;b;c=x"))
    #expect(tags["a"] == "")
    #expect(tags["b"] == "")
    #expect(Self.write(tags) == "@a;b;c=x PING\n")
    #expect(try Self.read("a=;b;c=x") == Self.read("a;b=;c=x"))
  }

  @Test func `setting a tag replaces or removes it`() throws {
    var tags = try #require(try Self.read("a=1;b=2;a=3"))
    tags["a"] = "4"
    #expect(Self.write(tags) == "@b=2;a=4 PING\n")
    tags["b"] = nil
    tags["a"] = nil
    #expect(tags.isEmpty)
    #expect(tags == Tags())
    #expect(Self.write(tags) == "PING\n")
  }

  @Test(arguments: ["a", "A9", "+a", "example.com/a-b", "+example.com/x", "-", "9"])
  func `valid tag keys are accepted`(_ key: String) throws {
    #expect(try Self.read("\(key)=v")?[key] == "v")
  }

  @Test(arguments: [
    "=", "=v", "a_b", "é", "a\u{301}", "a\tb", "a\\", "a:b", "@a", "a;=v", "a;b c", "a,b", "a\0", "\u{1b}", "a\u{85}",
  ])
  func `invalid tag keys are refused`(_ key: String) throws {
    var decoder = LineDecoder(allowsTags: true)
    // A space ends the tags, so that the next word is invalid.
    let outcome = decoder.outcomes(after: "@\(key)=v PING\nWHO\n")
    #expect(
      outcome == (key == "a;b c" ? [.text("c=v PING", tags: ["a": "", "b": ""])] : [.fault(.malformedTags)]) + [
        .text("WHO")
      ])
  }

  /// Redundant separators are ignored, as in IRC parsers.
  @Test(arguments: ["", ";", ";;"])
  func `no tags at all`(_ written: String) throws {
    #expect(try Self.read(written)?.isEmpty == true)
  }

  @Test func `redundant separators of tags are ignored`() throws {
    #expect(try Self.read(";a=1;;b;") == Self.read("a=1;b"))
  }

  @Test(arguments: ["\0", "\u{1b}", "\r", "\u{7f}", "\u{85}", "\u{9b}"])
  func `control characters are invalid in tags`(_ control: String) throws {
    #expect(try Self.read("a=x\(control)y") == nil)
    var tags = Tags()
    tags["a"] = "x\(control)y"
    #expect(Self.write(tags) == (control == "\r" ? #"@a=x\ry PING"# : "@a=x\u{fffd}y PING") + "\n")
  }

  /// Keys come from the program, but an invalid one would change the meaning of the line.
  @Test(arguments: ["", "a b", "a=b", "a;b", "a\n", "é"])
  func `an invalid key is not written`(_ key: String) {
    var tags = Tags()
    tags[key] = "v"
    #expect(Self.write(tags) == "PING\n")
  }

  @Test func `typed tags are read and written`() throws {
    var tags = Tags()
    tags.time = Timestamp(milliseconds: 1_795_341_600_123)
    tags.label = "7"
    tags.batch = "x"
    tags.away = "at lunch; back soon"
    #expect(
      Self.write(tags) == #"@time=2026-11-22T10:00:00.123Z;label=7;batch=x;away=at\slunch\:\sback\ssoon PING"# + "\n")
    let read = try Self.read("time=2026-11-22T10:00:00.123Z;label=7;batch=x;away=at\\slunch\\:\\sback\\ssoon")
    #expect(read == tags)
    #expect(read?.time == tags.time)
    #expect(read?.label == "7")
    #expect(read?.batch == "x")
    #expect(read?.away == "at lunch; back soon")
    #expect(try Self.read("time=yesterday")?.time == nil)
  }

  @Test func `tags of conversations`() throws {
    var tags = Tags()
    tags.sequence = 42
    tags.id = 1001
    tags.room = .lobby
    tags.reader = Nickname(testing: "a;b")
    tags.key = IdempotencyKey("k-1")
    tags.isDuplicate = true
    tags.hasMore = true
    tags.token = "t"
    tags.isKnownAgain = true
    tags.mark = 7
    tags.before = 0
    #expect(
      Self.write(tags) == #"@seq=42;id=1001;room=#lobby;to=a\:b;cid=k-1;dup;more;token=t;again;mark=7;before=0 PING"#
        + "\n")
    let read = try #require(try Self.read(String(Self.write(tags).dropFirst().dropLast(6))))
    #expect(read == tags)
    #expect(read.sequence == 42 && read.id == 1001 && read.room == .lobby && read.reader?.text == "a;b")
    #expect(read.key?.text == "k-1" && read.token == "t" && read.mark == 7 && read.before == 0)
    #expect(read.isDuplicate && read.hasMore && read.isKnownAgain)
    tags.isDuplicate = false
    tags.hasMore = false
    tags.isKnownAgain = false
    #expect(!tags.isDuplicate && !tags.hasMore && !tags.isKnownAgain)
    #expect(!Tags().isDuplicate && !Tags().hasMore && !Tags().isKnownAgain)
  }

  @Test func `identity tags are read and written`() throws {
    var tags = Tags()
    tags.publicKey = RecordTests.key
    tags.proof = [UInt8](repeating: 0, count: LoginChallenge.proofBytes)
    tags.invitation = "a b"
    tags.invitationCode = "c"
    tags.isOwned = true
    tags.isOperator = true
    tags.isRedacted = true
    tags.isPrivate = true
    let zeros = String(repeating: "A", count: 86)
    let keys = "key=\(RecordTests.digits);proof=\(zeros)"
    let line = "@" + keys + #";invite=a\sb;code=c;owned;operator;removed;private PING"# + "\n"
    #expect(Self.write(tags) == line)
    let read = try #require(try Self.read(String(line.dropFirst().dropLast(6))))
    #expect(read == tags)
    #expect(read.publicKey == RecordTests.key && read.proof == [UInt8](repeating: 0, count: 64))
    #expect(read.invitation == "a b" && read.invitationCode == "c")
    #expect(read.isOwned && read.isOperator && read.isRedacted && read.isPrivate)
    (tags.isOwned, tags.isOperator, tags.isRedacted, tags.isPrivate) = (false, false, false, false)
    (tags.publicKey, tags.proof, tags.invitation, tags.invitationCode) = (nil, nil, nil, nil)
    #expect(tags == Tags())
  }

  @Test(arguments: ["", "A", "é", RecordTests.digits + "A", String(repeating: "A", count: 85) + "B"])
  func `an invalid key value is ignored`(_ value: String) throws {
    let tags = try #require(try Self.read("key=\(value);proof=\(value)"))
    #expect(tags.publicKey == nil && tags.proof == nil)
  }

  @Test(arguments: ["", "x", "-1", "+1", "1.5", "9999999999999999999", "٣", "0x1"])
  func `an invalid number is ignored`(_ value: String) throws {
    let tags = try #require(try Self.read("seq=\(value);id=\(value);mark=\(value);before=\(value);dup=\(value)"))
    #expect(tags.sequence == nil && tags.id == nil && tags.mark == nil && tags.before == nil)
    #expect(tags.isDuplicate)
  }

  @Test(arguments: ["", "lobby", "#", #"#a\sb"#, "#\u{ad}"])
  func `an invalid name is ignored`(_ value: String) throws {
    let tags = try #require(try Self.read("room=\(value);to=\(value);cid=\(value)"))
    #expect(tags.room == nil)
    if value != "lobby" && value != "#" { #expect(tags.reader == nil && tags.key == nil) }
  }

  @Test func `tags are read as they were written`() throws {
    var random = SeededGenerator()
    for _ in 0..<1000 {
      let tags = random.tags()
      let written = Self.write(tags)
      var decoder = LineDecoder(allowsTags: true)
      decoder.append(ByteBuffer(string: written))
      let result = try decoder.next()?.get()
      let line = try #require(result, "\(written.debugDescription) \(random)")
      try #require(line.tags == tags, "\(random)")
      try #require(Self.write(line.tags).exactly == written.exactly, "\(random)")
    }
  }

  @Test(arguments: [
    ("60", Duration.seconds(60)), ("0.25", .milliseconds(250)), ("0.250", .milliseconds(250)), ("1.5", .seconds(1.5)),
    ("0.001", .milliseconds(1)), ("31536000", .seconds(31_536_000)), ("0", nil), ("0.000", nil), ("31536001", nil),
    ("", nil), (".", nil), ("1.", nil), (".5", nil), ("1.2345", nil), ("-1", nil), ("1.-1", nil), ("1.2.3", nil),
    ("99999999999999999999", nil), ("x", nil),
  ])
  func `idle timeouts are read and written`(text: String, duration: Duration?) {
    var tags = Tags()
    tags["idle"] = text
    #expect(tags.idleTimeout == duration)
    tags.idleTimeout = duration
    #expect(tags.idleTimeout == duration)
  }
}
