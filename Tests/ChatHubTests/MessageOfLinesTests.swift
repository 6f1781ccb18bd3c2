import ChatProtocol
import ChatRecords
import Testing

@testable import ChatHub

/// Messages of several lines: one message in the log, and for each session what it can read.
@Suite struct MessageOfLinesTests {
  private static let lines = HubHarness.allCapabilities + ["moderation", "lines"]

  @Test func `each member of a room gets a message of several lines in their dialect`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    let (zoe, _) = harness.logInTagged("zoe", Self.lines)
    let (akash, _) = harness.logInTagged("akash")
    let plain = harness.logIn("plain")
    harness.discardOutput()
    #expect(
      harness.send(as: neha, "@label=1;lines MSG x  =\\n\\n  y\\\\n") == [
        "@\(HubHarness.place(1));lines MSG neha x  =\\n\\n  y\\\\n", "@label=1;\(HubHarness.place(1)) OK MSG",
      ])
    #expect(harness.takeOutput(of: zoe) == ["@\(HubHarness.place(1));lines MSG neha x  =\\n\\n  y\\\\n"])
    let time = HubHarness.timeTag
    #expect(
      harness.takeOutput(of: akash) == ["@\(time);part=1;id=1 MSG neha x  =", "@\(time);seq=1;id=1 MSG neha   y\\n"])
    #expect(harness.takeOutput(of: plain) == ["MSG neha x =", "MSG neha y\\n"])
    #expect(harness.log.messages.map(\.text) == ["x  =\n\n  y\\n"])
    #expect(harness.log.messages.map(\.sequence) == [1])
    // Without the tag nothing is different.
    harness.send(as: neha, "MSG a\\nb")
    #expect(harness.takeOutput(of: zoe) == ["@\(HubHarness.place(2)) MSG neha a\\nb"])
    #expect(harness.takeOutput(of: akash) == ["@\(HubHarness.place(2)) MSG neha a\\nb"])
  }

  @Test func `a direct message of several lines is one message`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    let (zoe, _) = harness.logInTagged("zoe", Self.lines)
    let (akash, _) = harness.logInTagged("akash")
    let plain = harness.logIn("plain")
    harness.discardOutput()
    harness.send(as: neha, "@lines DM zoe a\\nb", "@lines DM akash a\\n b", "@lines DM plain a  b\\n\\n c")
    #expect(harness.takeOutput(of: zoe).last == "@\(HubHarness.place(1));lines DM neha a\\nb")
    #expect(
      harness.takeOutput(of: akash).suffix(2) == [
        "@\(HubHarness.timeTag);part=1;id=2 DM neha a", "@\(HubHarness.timeTag);seq=1;id=2 DM neha  b",
      ])
    #expect(harness.takeOutput(of: plain) == ["DM neha a  b", "DM neha c"])
  }

  @Test func `a message is recognised by its cid, and another text is a conflict`() {
    let harness = HubHarness()
    let (neha, token) = harness.logInTagged("neha", Self.lines)
    harness.send(as: neha, "@cid=k;lines MSG a\\nb")
    let (back, _) = harness.resume(token, "#lobby e 1", Self.lines)
    harness.discardOutput()
    #expect(harness.send(as: back, "@cid=k;lines MSG a\\nb") == ["@\(HubHarness.place(1));dup OK MSG"])
    #expect(harness.send(as: back, "@cid=k MSG a").first?.hasPrefix("ERR cid-conflict MSG") == true)
    #expect(harness.log.messages.count == 1)
  }

  /// The last line of a message carries its number, so that a cursor is never in the middle.
  @Test func `a session without the capability has the whole message or gets all of it again`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    let (akash, token) = harness.logInTagged("akash")
    harness.discardOutput()
    harness.send(as: neha, "@lines MSG a\\nb\\nc", "MSG d")
    let heard = harness.takeOutput(of: akash)
    #expect(heard.untagged == ["MSG neha a", "MSG neha b", "MSG neha c", "MSG neha d"])
    #expect(heard.map { $0.contains(";seq=") } == [false, false, true, true])
    #expect(heard.map { $0.contains(";part=1;") } == [true, true, false, false])
    // After the last line nothing is sent again.
    #expect(
      harness.resume(token, "#lobby e 1").1.untagged.suffix(3) == ["BATCH +0 history #lobby", "MSG neha d", "BATCH -0"])
    // Before it, the lines come again, marked as parts of the same message.
    let answer = harness.resume(token, "#lobby e 0").1
    #expect(
      answer.suffix(6) == [
        "BATCH +0 history #lobby", "@batch=0;\(HubHarness.timeTag);part=1;id=1 MSG neha a",
        "@batch=0;\(HubHarness.timeTag);part=1;id=1 MSG neha b", "@batch=0;\(HubHarness.timeTag);seq=1;id=1 MSG neha c",
        "@batch=0;\(HubHarness.place(2)) MSG neha d", "BATCH -0",
      ])
  }

  @Test func `history and search return one message`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    harness.send(as: neha, "@lines MSG first line\\nsecond line", "MSG other")
    let line = "@batch=0;\(HubHarness.place(1));lines MSG neha first line\\nsecond line"
    #expect(harness.send(as: neha, "HISTORY #lobby BEFORE 2 5") == ["BATCH +0 history #lobby", line, "BATCH -0"])
    #expect(harness.send(as: neha, "SEARCH #lobby 5 second first")[1] == line.replacing("=0;", with: "=1;"))
    #expect(harness.send(as: neha, "HISTORY #lobby LATEST * 1").untagged[1] == "MSG neha other")
  }

  @Test func `a removed message has no lines`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    let (akash, _) = harness.logInTagged("akash", HubHarness.moderationCapabilities)
    harness.send(as: neha, "@lines MSG a\\nb")
    harness.discardOutput()
    harness.send(as: neha, "REMOVE #lobby 1")
    #expect(harness.takeOutput(of: akash) == ["REMOVED #lobby 1 neha"])
    #expect(
      harness.send(as: akash, "HISTORY #lobby LATEST * 5")[1]
        == "@batch=0;\(HubHarness.place(1));removed MSG neha (removed)")
  }

  @Test func `a message without text or with too many lines is refused`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    harness.discardOutput()
    #expect(harness.send(as: neha, "@lines MSG \\n \\n").first?.hasPrefix("ERR empty-message MSG") == true)
    let many = Array(repeating: "x", count: 51).joined(separator: "\\n")
    #expect(
      harness.send(as: neha, "@label=1;lines MSG \(many)")
        == ["@label=1 ERR too-many-lines MSG A message has at most 50 lines."])
    #expect(harness.log.messages.isEmpty)
    #expect(harness.send(as: neha, "@lines MSG \(many.dropLast(3))").untagged.last == "OK MSG")
  }

  /// A dialect may read lines in its own way.
  @Test func `texts of other dialects have the same form`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    harness.discardOutput()
    func say(_ text: String) -> [String] {
      harness.apply(.received(neha, Request(.success(.message(text)), bytes: text.utf8.count)))
      return harness.takeOutput(of: neha).untagged
    }
    #expect(say("\r\n a\r\n\r\nb\r\n") == ["MSG neha  a\\n\\nb", "OK MSG"])
    #expect(say("\n\r\n").first?.hasPrefix("ERR empty-message MSG") == true)
    #expect(say(String(repeating: "x\n", count: 51)).first?.hasPrefix("ERR too-many-lines MSG") == true)
  }

  @Test func `each line counts towards the rate limit`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", at: "192.0.2.7", Self.lines)
    let plain = harness.logIn("plain")
    harness.advanceClock(by: .seconds(30))
    harness.discardOutput()
    harness.send(as: neha, "@lines MSG 1\\n2\\n\\n3\\n4\\n5\\n6\\n7\\n8\\n9\\n10")
    #expect(harness.takeOutput(of: plain).count == 10)
    #expect(!harness.isHeld(neha))
    harness.send(as: neha, "@lines MSG 11\\n12\\n13\\n14\\n15", "PING")
    #expect(harness.isHeld(neha))
    #expect(harness.takeOutput(of: plain) == [])
    // One line is waited for, so that the message is answered soon. The others delay the lines after it.
    harness.advanceClock(by: .milliseconds(200))
    #expect(harness.takeOutput(of: plain) == (11...15).map { "MSG neha \($0)" })
    #expect(harness.takeOutput(of: neha).untagged.contains("OK MSG"))
    harness.advanceClock(by: .milliseconds(800))
    #expect(harness.takeOutput(of: neha) == [])
    harness.advanceClock(by: .milliseconds(20))
    #expect(harness.takeOutput(of: neha) == ["PONG"])
  }

  @Test func `the longest message is answered at once, and the next request before clients give up`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", at: "192.0.2.7", Self.lines)
    harness.advanceClock(by: .seconds(30))
    harness.discardOutput()
    let text = Array(repeating: "x", count: MessageLines.maximum).joined(separator: "\\n")
    for _ in 1...3 {
      #expect(harness.send(as: neha, "@lines MSG \(text)", "PING").untagged.contains("OK MSG"))
      harness.advanceClock(by: .seconds(10) + .milliseconds(20))
      #expect(harness.takeOutput(of: neha).untagged.contains("PONG"))
    }
  }

  @Test func `a message that is refused costs no more than a line`() {
    let harness = HubHarness()
    let neha = harness.logIn("neha", at: "192.0.2.7", Self.lines)
    harness.advanceClock(by: .seconds(30))
    harness.send(as: neha, "@lines MSG \(String(repeating: "x\\n", count: 1000))y")
    #expect(!harness.isHeld(neha))
  }

  @Test func `in slow mode each line counts as a message`() {
    let harness = HubHarness()
    let boss = harness.logInOperator()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    harness.send(as: boss, "SLOW #lobby 10")
    harness.discardOutput()
    #expect(harness.send(as: neha, "@lines;cid=k MSG a\\n\\nb\\nc").untagged.last == "OK MSG")
    #expect(
      harness.send(as: neha, "MSG d").untagged
        == ["ERR slow-mode MSG #lobby is in slow mode: you may write again in 30 seconds."])
    #expect(harness.send(as: neha, "@lines;cid=k MSG a\\n\\nb\\nc").last?.contains("dup") == true)
    harness.advanceClock(by: .seconds(29))
    #expect(harness.send(as: neha, "MSG d").untagged.last?.hasPrefix("ERR slow-mode MSG") == true)
    harness.advanceClock(by: .seconds(1))
    #expect(harness.send(as: neha, "MSG d").untagged.last == "OK MSG")
  }

  @Test func `a long wait for many lines is not forgotten early`() {
    var slow = SlowRooms()
    let start = MonotonicTime(nanoseconds: 0)
    slow.note(.member(MemberID(1)), in: .lobby, lines: 3, key: nil, at: start)
    slow.forget(at: start + .seconds(2 * 3600))
    #expect(slow.wait(of: .member(MemberID(1)), in: .lobby, every: 3600, key: nil, at: start + .seconds(7200)) == 3600)
    slow.forget(at: start + .seconds(3 * 3600))
    #expect(slow.count == 0)
  }

  /// The lines of a message carry its tags, which take more bytes than short lines do.
  @Test func `a page of messages with many lines is limited in size`() {
    let harness = HubHarness()
    let (neha, _) = harness.logInTagged("neha", Self.lines)
    let (akash, _) = harness.logInTagged("akash")
    let text = Array(repeating: "x", count: 50).joined(separator: "\\n")
    for _ in 1...100 { harness.send(as: neha, "@lines MSG \(text)") }
    harness.discardOutput()
    let page = harness.send(as: akash, "HISTORY #lobby LATEST * 500")
    #expect(page.reduce(0) { $0 + $1.utf8.count } < 256 * 1024)
    #expect(page.count > 500)
  }
}
