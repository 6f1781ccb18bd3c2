import ChatClient
import ChatModel
import ChatProtocol
import Foundation
import TestSupport
import Testing

@testable import CommandSupport
@testable import swiftchat

/// The known_hosts file, edited by hand.
@Suite
struct KnownHostsTests {
  private let folder: TemporaryFolder
  private let hosts: KnownHosts
  private let home: Endpoint
  private let pin: Pin
  private let other: Pin

  init() throws {
    folder = try TemporaryFolder()
    hosts = KnownHosts(folder: folder.path)
    home = try Endpoint("192.0.2.7")
    pin = try #require(Pin([UInt8](repeating: 1, count: Pin.bytes)))
    other = try #require(Pin([UInt8](repeating: 2, count: Pin.bytes)))
  }

  private func write(_ text: String) throws { try folder.write("known_hosts", text.utf8) }

  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test
  func `a pin is found with any line endings and byte order mark`() throws {
    for mark in ["", "\u{feff}"] {
      for end in ["\n", "\r\n", "\r"] {
        for comment in ["", "# mine" + end, end, " \t" + end] {
          try write("\(mark)\(comment)192.0.2.7:4000 \(pin) 2026-11-28\(end)example.org \(other)\(end)")
          #expect(try hosts.pin(of: home) == pin)
          #expect(try hosts.pin(of: Endpoint("example.org")) == other)
          // The pin is already known, so nothing is written.
          #expect(try hosts.add(other, for: home) == pin)
        }
      }
    }
  }

  @Test(arguments: [
    "\u{a0}192.0.2.7:4000 PIN", "192.0.2.7:4000\u{a0}PIN", "192.0.2.7:4000 \u{200b}PIN", "\u{feff}192.0.2.7:4000 PIN",
    "192.0.2.7:4000", "192.0.2.7:4000 abc", "192.0.2.7:x PIN", "\u{a0}", "\u{a0}# comment", "rubbish and more",
    "192.0.2.9:4000 PIN 2026-11-28 192.0.2.7:4000 PIN", "192.0.2.7:4000\u{2028}x PIN",
  ])
  func `an invalid line is an error that names it`(line: String) throws {
    let line = line.replacing("PIN", with: pin.text)
    for (text, number) in [("# c\n\(line)\n", 2), ("example.org \(other)\r\n\(line)", 2), ("# c\n\n\(line)\n", 3)] {
      try write(text)
      for asked in [home, try Endpoint("example.org"), try Endpoint("never.met")] {
        let failure = failure { _ = try hosts.pin(of: asked) }
        #expect(failure.hasPrefix("\(folder.path)/known_hosts, line \(number) "), "\(failure)")
        #expect(self.failure { _ = try hosts.add(pin, for: asked) } == failure)
      }
      #expect(try folder.read("known_hosts") == Array(text.utf8))
    }
  }

  @Test
  func `a list of hosts has a pin of its own`() throws {
    try write("192.0.2.7:4000 \(pin) 2026-11-28\n")
    let list = try Endpoint("192.0.2.7,192.0.2.8:4001")
    #expect(try hosts.pin(of: list) == nil)
    #expect(try hosts.add(other, for: list) == other)
    #expect(try hosts.pin(of: list) == other)
    #expect(try hosts.pin(of: home) == pin)
    let text = String(decoding: try folder.read("known_hosts"), as: UTF8.self)
    #expect(text.contains("\n192.0.2.7:4000,192.0.2.8:4001 \(other) "))
    #expect(try hosts.forget(list))
    #expect(try hosts.pin(of: list) == nil)
    #expect(try hosts.pin(of: home) == pin)
  }

  @Test
  func `an invisible character is named`() throws {
    try write("\u{a0}192.0.2.7:4000 \(pin)\n")
    #expect(failure { _ = try hosts.pin(of: home) }.contains("U+00A0"))
    try folder.write("known_hosts", [0xff, 0xfe, 0x31, 0])
    #expect(failure { _ = try hosts.pin(of: home) }.contains("known_hosts is not UTF-8"))
    try write("# c\n\u{0}\n")
    #expect(failure { _ = try hosts.pin(of: home) }.contains("line 2: there is a zero byte"))
  }

  @Test
  func `trusting a server corrects its own line and no other`() throws {
    try write("# c\n192.0.2.7:4000 abc\nexample.org:4000 \(other) 2026-01-01\n")
    #expect(try hosts.readablePin(of: home) == nil)
    #expect(throws: Failure.self) { try hosts.replace(pin, for: Endpoint("example.org")) }
    try hosts.replace(pin, for: home)
    #expect(try hosts.pin(of: home) == pin)
    #expect(try hosts.pin(of: Endpoint("example.org")) == other)
    try write("\u{a0}192.0.2.7:4000 \(pin)\n")
    for body in [{ try hosts.replace(other, for: home) }, { _ = try hosts.forget(home) }] {
      #expect(throws: Failure.self) { try body() }
    }
  }

  @Test
  func `the case of an IPv6 zone is significant and preserved`() throws {
    let one = try Endpoint("[fe80::7%enP1s2]:4000")
    #expect(try hosts.add(pin, for: one) == pin)
    #expect(try hosts.pin(of: Endpoint("FE80::7%25enP1s2")) == pin)
    #expect(try hosts.pin(of: Endpoint("[fe80::7%enp1s2]:4000")) == nil)
  }
}

/// The key file and the name file, edited by hand.
@Suite
struct EditedFileTests {
  private let folder: TemporaryFolder
  private let files: UserFiles

  init() throws {
    folder = try TemporaryFolder()
    files = UserFiles(folder: folder.path)
  }

  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test
  func `a key is read with any line endings, and an invalid line is named`() throws {
    let identity = Identity()
    let text = IdentityFile.text(of: identity)
    for changed in [
      text, "\u{feff}" + text, text.replacing("\n", with: "\r\n"), text.replacing("\n", with: "\r"), "\n\t\n" + text,
    ] {
      #expect(try IdentityFile.identity(in: changed, of: "f").publicKey == identity.publicKey)
    }
    let key = try #require(text.split(separator: "\n").last)
    for (changed, words) in [
      (
        "# c\n\u{a0}\(key)\n",
        "f, line 2 is neither a comment nor a key that can be read: there is the invisible character U+00A0"
      ),
      ("\(key)\n\(key)\n", "f, line 2: there is a second key"), ("", "f holds no key"),
      ("# c\n\(key) x\n", "f, line 2 is neither"),
      ("\(key)\nrubbish", "f, line 2 is neither"), ("\u{0}", "f, line 1: there is a zero byte"),
    ] {
      let failure = failure { _ = try IdentityFile.identity(in: changed, of: "f") }
      #expect(failure.hasPrefix(words), "\(failure)")
      #expect(!failure.contains(key.split(separator: " ")[1]))
    }
  }

  @Test
  func `a name is read with any line endings, and an invalid one stops the client`() throws {
    #expect(try files.rememberedName() == nil)
    for text in ["neha", "neha\n", "\u{feff}neha\r\n", "\r\nneha\r", " neha \n\n"] {
      try folder.write("name", text.utf8)
      #expect(try files.rememberedName()?.text == "neha")
    }
    for text in ["", "\n"] {
      try folder.write("name", text.utf8)
      #expect(try files.rememberedName() == nil)
    }
    for (text, words) in [
      ("neha\u{a0}\n", "name, line 1 is no name: there is the invisible character U+00A0"),
      ("a b", "name, line 1 is no name"),
      ("\nneha\nzoe\n", "name, line 2 is no name"), ("ne\u{0}ha", "line 1: there is a zero byte"),
      (String(repeating: "x", count: 2000), "larger than 1024 bytes"),
    ] {
      try folder.write("name", text.utf8)
      let failure = failure { _ = try files.rememberedName() }
      #expect(failure.contains(words), "\(failure)")
    }
    try folder.remove("name")
    try folder.makeFolder("name")
    #expect(failure { _ = try files.rememberedName() }.contains("it is a directory"))
  }

  @Test
  func `a message of the day has the same lines with any line endings`() throws {
    let path = folder.path + "/motd"
    for text in ["Hello.\n\nBe kind.\n", "\u{feff}Hello.\r\n\r\nBe kind.\r\n\r\n", "Hello.\r\rBe kind."] {
      try folder.write("motd", text.utf8)
      #expect(try MessageOfTheDay.read(path: path) == ["Hello.", "", "Be kind."])
    }
    try folder.write("motd", Array("a\n".utf8) + [0xff])
    #expect(failure { _ = try MessageOfTheDay.read(path: path) }.contains("motd: line 2: it is not UTF-8"))
    try folder.write("motd", ("a\n" + String(repeating: "x", count: 1025)).utf8)
    #expect(failure { _ = try MessageOfTheDay.read(path: path) }.contains("motd, line 2: "))
    #expect(failure { _ = try MessageOfTheDay.read(path: folder.path) }.contains("it is a directory"))
    #expect(failure { _ = try MessageOfTheDay.read(path: path + "/x") }.contains("not a directory"))
    #expect(try MessageOfTheDay.read(path: "/dev/null") == [])
  }
}
