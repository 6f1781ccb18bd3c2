import TestSupport
import Testing

@testable import swiftchat

/// Strict parsing of the settings file.
@Suite
struct TOMLTests {
  private func values(_ text: String) throws -> [String: ConfigurationValue] {
    var values: [String: ConfigurationValue] = [:]
    for entry in try TOMLDocument(text).entries {
      if let value = entry.value { values[entry.path.joined(separator: ".")] = value }
    }
    return values
  }

  @Test(arguments: [
    (#"a = "x""#, ConfigurationValue.string("x")), (#"a = '\n'"#, .string("\\n")),
    (#"a = "\b\t\n\f\r\"\\\u00e9\U0001F600""#, .string("\u{8}\t\n\u{c}\r\"\\é😀")),
    ("a = \"\"\"\none\ntwo\"\"\"", .string("one\ntwo")), ("a = \"\"\"\"x\"\"\"\"\"", .string("\"x\"\"")),
    ("a = \"\"\"x \\\n   \n  y\"\"\"", .string("x y")), ("a = '''\n'x'\\'''", .string("'x'\\")),
    ("a = ''", .string("")),
    ("a = 0", .integer(0)), ("a = +17", .integer(17)), ("a = -1_000", .integer(-1000)),
    ("a = 0xdead_beef", .integer(0xdead_beef)),
    ("a = 0o17", .integer(15)), ("a = 0b101", .integer(5)), ("a = 9223372036854775807", .integer(.max)),
    ("a = -9223372036854775808", .integer(.min)), ("a = 1.5", .real(1.5)), ("a = -1e3", .real(-1000)),
    ("a = 1_0.0_1e-2", .real(0.1001)), ("a = inf", .real(.infinity)), ("a = true", .boolean(true)),
    ("a = false # c", .boolean(false)),
    ("a = []", .list([])), ("a = [ 1, \"b\", # c\n\n true, ]\t", .list([.integer(1), .string("b"), .boolean(true)])),
    ("\u{feff}a = 1", .integer(1)), ("\"a\" = 1", .integer(1)), ("'a' = 1", .integer(1)),
    ("  a\t=\t1  ", .integer(1)),
  ])
  func `every type of value that settings need is read`(text: String, value: ConfigurationValue) throws {
    // The file reader removes the byte order mark.
    let text = text.hasPrefix("\u{feff}") ? String(text.unicodeScalars.dropFirst()) : text
    #expect(try values(text) == ["a": value])
    #expect(try values("\n# c\n" + text + "\n") == ["a": value])
  }

  @Test
  func `TOML has tables and dotted keys`() throws {
    let text = "a = 1\n[ b ] # c\nc = 2\nd.e = 3\n[b.f]\ng = 4\n[\"x y\".'z']\nq = 5\n"
    #expect(
      try values(text) == [
        "a": .integer(1), "b.c": .integer(2), "b.d.e": .integer(3), "b.f.g": .integer(4), "x y.z.q": .integer(5),
      ])
    #expect(try TOMLDocument(text).entries.map(\.line) == [1, 2, 3, 4, 5, 6, 7, 8])
    #expect(try values("") == [:])
    // A table may follow one of its subtables.
    #expect(try values("[a.b]\nc = 1\n[a]\nd = 2") == ["a.b.c": .integer(1), "a.d": .integer(2)])
  }

  @Test(arguments: [
    ("[", 1, "expected a key; found the end of the file"), ("[[", 1, "an array of tables"), ("[&", 1, "found '&'"),
    ("[[=", 1, "an array of tables"), ("[[[a]]]", 1, "an array of tables"), ("[a", 1, "the ] after the name"),
    ("[]", 1, "expected a key"), ("[a.]", 1, "expected a key"), ("[a] b", 1, "expected the end of the line"),
    ("a", 1, "there is no = after 'a'"), ("a =", 1, "'a' has no value"),
    ("a = /etc/motd", 1, "text stands in quotes"),
    ("a = etc", 1, "'etc' is no value; text stands in quotes"), ("a = 1 2", 1, "expected the end of the line"),
    ("a = 1, 2", 1, "expected the end of the line"), ("\n\na = {}", 3, "an inline table"),
    ("a = 2026-11-22", 1, "a date or time"), ("a = 10:00:00", 1, "a date or time"),
    ("a = [[1]]", 1, "a list within a list"),
    ("a = [1", 1, "the ] after the list"), ("a = [1\n2]", 2, "expected a comma"), ("a = [,]", 1, "has no value"),
    ("a = 01", 1, "begins with a zero"), ("a = 1_", 1, "is no number"), ("a = 1__0", 1, "is no number"),
    ("a = 1.", 1, "is no number"),
    ("a = 0x", 1, "is no number"), ("a = 0b2", 1, "is no number"), ("a = 1e", 1, "is no number"),
    ("a = .5", 1, "is no value"),
    ("a = 9223372036854775808", 1, "out of range"), ("a = True", 1, "is no value"),
    ("a = \"x", 1, "the string has no end"),
    ("a = \"x\ny\"", 1, "no end in its line"), ("b = 1\na = '''x\ny", 2, "the string has no end"),
    ("a = \"\\x\"", 1, "mean nothing in a string"), ("a = \"C:\\temp\\new\\q\"", 1, "single quotes"),
    ("a = \"\\ud800\"", 1, "hexadecimal digits of a Unicode character"), ("a = \"\\u12\"", 1, "hexadecimal digits"),
    ("a = \"\u{1}\"", 1, "U+0001"), ("# \u{1b}", 1, "U+001B"), ("\u{a0}a = 1", 1, "U+00A0"),
    ("a = 1\n\u{feff}b = 2", 2, "U+FEFF"), ("a\u{200b} = 1", 1, "U+200B"), ("a = 1\u{a0}", 1, "U+00A0"),
    ("a = 1\na = 2", 2, "'a' is there already, in line 1"), ("[a]\n[a]", 2, "'a' is there already, in line 1"),
    ("a = 1\n[a]", 2, "'a' is something else in line 1"), ("a = 1\na.b = 2", 2, "'a' has a value in line 1"),
    ("a.b = 1\na = 2", 2, "'a' is something else in line 1"), ("a.b.c.d.e = 1", 1, "more than 4 names"),
    ("\"\"\"a\"\"\" = 1", 1, "a key cannot be a string of several lines"), ("a = é", 1, "found 'é'"),
  ])
  func `an error or unsupported syntax is named with its line`(text: String, line: Int, reason: String) {
    do {
      let document = try TOMLDocument(text)
      Issue.record("\(text) is read as \(document)")
    } catch {
      #expect(error.line == line, "\(error)")
      #expect(error.reason.contains(reason), "\(error)")
      #expect(!error.reason.contains { $0.isNewline || $0.unicodeScalars.contains { $0.value < 0x20 } }, "\(error)")
    }
  }

  @Test
  func `any text is parsed deterministically or refused`() throws {
    var random = SeededGenerator()
    let sample = Array(Self.sample.utf8)
    let fragments = [
      "[", "]", "[[", "=", "\"", "'", "\"\"\"", "'''", "\\", "\\u", "{", "}", "#", "\n", "\r\n", ",", ".", "a", "-",
      "_",
      "0x", "1e", "true", "\u{feff}", "\u{a0}", "\u{0}", "é", "[limits]\n", "port = 4000\n", "2026-11-22",
    ]
    for round in 0..<6000 {
      var bytes: [UInt8]
      switch round % 4 {
      case 0:
        bytes = (0..<Int.random(in: 0...80, using: &random)).map { _ in UInt8.random(in: .min ... .max, using: &random)
        }
      case 1: bytes = Array(sample.prefix(Int.random(in: 0...sample.count, using: &random)))
      case 2:
        bytes = sample
        for _ in 0...Int.random(in: 0...4, using: &random) {
          let place = Int.random(in: 0..<bytes.count, using: &random)
          switch Int.random(in: 0...2, using: &random) {
          case 0: bytes[place] = UInt8.random(in: .min ... .max, using: &random)
          case 1: bytes.remove(at: place)
          default: bytes.insert(contentsOf: Array((fragments.randomElement(using: &random) ?? "").utf8), at: place)
          }
        }
      default:
        bytes = (0..<Int.random(in: 1...20, using: &random)).flatMap { _ in
          Array((fragments.randomElement(using: &random) ?? "").utf8)
        }
      }
      let text = String(decoding: bytes, as: UTF8.self)
      let lines = text.utf8.count { $0 == UInt8(ascii: "\n") } + 1
      do {
        let document = try TOMLDocument(text)
        #expect(try TOMLDocument(text) == document)
        for entry in document.entries { #expect((1...lines).contains(entry.line) && !entry.path.isEmpty) }
      } catch {
        #expect((1...lines).contains(error.line), "\(random), \(text): \(error)")
      }
    }
  }

  @Test(.timeLimit(.minutes(5)))
  func `large input is parsed fast`() {
    for unit in [
      "[", "a.", "a = ", "[a]\n", "\"", "'", "\"\"\"", "\\", "a=1\n", "x = [\n", "#", "\n", " ", "1", "_", "1_", "0x",
      "é",
      "a = [1,", "\\\n ", "\"\\", "[[", "{",
    ] {
      for start in ["", "x = ", "x = [", "x = \"", "x = \"\"\"", "x = '''"] {
        let text = start + String(repeating: unit, count: (1 << 14) / unit.utf8.count)
        _ = try? TOMLDocument(text)
      }
    }
    let keys = (0..<20_000).map { "k\($0) = \($0)\n" }.joined()
    #expect((try? TOMLDocument(keys))?.entries.count == 20_000)
  }

  private static let sample = """
    # Settings
    host = ["192.0.2.7", '2001:db8::7'] # two
    port = 4000
    data = "/var/lib/swiftchat"
    idle-timeout = 1.5
    invite-only = false
    motd = \"""
    Wel\\
      come \\u00e9
    \"""
    reserved-names = [
      "everyone", # all
      'host',
    ]

    [limits]
    line-burst = 1_0
    byte-burst = 0x10000

    [tls]
    mode = "auto"
    """
}
