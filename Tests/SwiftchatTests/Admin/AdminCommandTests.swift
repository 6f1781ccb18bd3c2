import ArgumentParser
import ChatProtocol
import CommandSupport
import Testing

@testable import swiftchat

/// `swiftchat admin`.
@Suite
struct AdminCommandTests {
  private func request(_ line: [String]) throws -> AdminRequest {
    let command = try Admin.parseAsRoot(line)
    return try #require(command as? any AdminCommand).request()
  }

  @Test
  func `admin makes requests`() throws {
    let zoe = try #require(Nickname("zoe"))
    let garden = try #require(RoomName("#garden"))
    let network = try #require(Network("192.0.2.0/24"))
    let cases: [([String], AdminRequest)] = [
      (["kick", "zoe"], .kick(zoe, reason: "")),
      (["kick", "@zoe", "read", "the rules"], .kick(zoe, reason: "read the rules")),
      (["ban", "zoe"], .ban(.name(zoe), for: .forever, reason: "")),
      (
        ["ban", "192.0.2.9/24", "--for", "7d", "--reason", "spam  x"],
        .ban(.network(network), for: .seconds(604_800), reason: "spam  x")
      ),
      (["unban", "192.0.2.0/24"], .unban(.network(network))), (["bans", "--json"], .listSanctions),
      (["mute", "zoe", "--for", "30m"], .mute(zoe, for: .seconds(1800), reason: "")),
      (["unmute", "zoe"], .unmute(zoe)),
      (["slow", "garden", "10"], .slow(garden, seconds: 10)),
      (["remove", "#garden", "42"], .redact(.room(garden), sequence: 42, reason: "")),
      (["op", "zoe"], .makeOperator(zoe)), (["deop", "zoe"], .unmakeOperator(zoe)), (["ops"], .listOperators),
      (["audit", "--limit", "5"], .listActs(limit: 5)), (["audit"], .listActs(limit: 50)),
    ]
    for (line, expected) in cases { #expect(try request(line) == expected, "\(line)") }
  }

  @Test(arguments: [
    (["ban", "192.0.2.0/99"], "192.0.2.0/99 is not @name, an address"),
    (["ban", "zoe", "--for", "7"], "7 is no span of time"),
    (["mute", "a b"], "'a b' cannot be a name"), (["kick", "\u{202e}zoe\u{1b}"], "'zoe�' cannot be a name"),
    (["slow", "garden", "9999"], "9999 is no number of seconds"), (["slow", "a b", "1"], "'a b' cannot be a room"),
    (["remove", "garden", "0"], "0 is no message's number"), (["audit", "--limit", "0"], "--limit is 0"),
    (["ban", "zoe", "--reason", String(repeating: "x", count: 257)], "at most 256 bytes"), (["kick"], "<name>"),
  ])
  func `admin explains invalid requests`(line: [String], words: String) {
    do {
      _ = try Admin.parseAsRoot(line)
      Issue.record("\(line) was accepted")
    } catch {
      let text = Admin.fullMessage(for: error)
      #expect(text.contains(words), "\(text)")
      #expect(Admin.exitCode(for: error) == .validationFailure)
    }
  }

  @Test
  func `JSON has one object a line without terminal control characters`() throws {
    let zoe = try #require(Nickname("zoe"))
    let act = Act(time: Timestamp(milliseconds: 0), by: zoe, verb: .ban, subject: "@x", text: "a\u{1b}\"b\n")
    #expect(
      try ListedItem.items(of: .acts([act])).map { try $0.jsonLine } == [
        #"{"by":"zoe","subject":"@x","text":"a\u001b\"b\n","time":"1970-01-01T00:00:00.000Z","verb":"ban"}"#
      ])
    let sanction = Sanction(kind: .mute, subject: .name(zoe), until: nil, by: zoe, reason: "")
    #expect(
      try ListedItem.items(of: .sanctions([sanction])).map { try $0.jsonLine } == [
        #"{"by":"zoe","kind":"mute","reason":"","subject":"@zoe"}"#
      ])
    #expect(try ListedItem.items(of: .operators([zoe])).map { try $0.jsonLine } == [#"{"name":"zoe"}"#])
  }
}
