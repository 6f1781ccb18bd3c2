import ChatModel
import ChatProtocol
import Foundation
import TestSupport
import Testing

@testable import CommandSupport
@testable import swiftchat

/// The pin of a server, from the link to the file.
@Suite
@MainActor
struct MemoryKeeperTests {
  private let pin: Pin
  private let other: Pin
  private let home: Endpoint
  private let folder: TemporaryFolder
  private let files: UserFiles

  init() throws {
    pin = try #require(Pin([UInt8](repeating: 1, count: Pin.bytes)))
    other = try #require(Pin([UInt8](repeating: 2, count: Pin.bytes)))
    home = try Endpoint("192.0.2.7")
    folder = try TemporaryFolder()
    files = UserFiles(folder: folder.path)
  }

  /// The server has proved its key.
  private let online = ClientEvent.online(
    Nickname(testing: "neha"), capabilities: .all, standing: Standing(isEncrypted: true))

  private func known() throws -> Pin? { try #require(files.knownHosts).pin(of: home) }

  @Test
  func `the pin is written after the server has proved it, as the last link has it`() throws {
    let keeper = try MemoryKeeper(of: ShareLink(endpoint: home, pin: other), files: files)
    #expect(keeper.session.pin == other)
    // A server with another key answers first; the correct link follows.
    #expect(try keeper.security(for: ShareLink(endpoint: home, pin: pin)).pin == pin)
    #expect(try known() == nil)
    try keeper.note(online)
    #expect(try known() == pin)
  }

  @Test
  func `the pin takes precedence over a link, even if it cannot be written`() throws {
    let keeper = try MemoryKeeper(of: ShareLink(endpoint: home), files: files)
    try folder.makeFolder("known_hosts.lock")
    #expect(throws: Failure.self) { try keeper.note(.pinned(pin)) }
    #expect(throws: Failure.self) { try keeper.security(for: ShareLink(endpoint: home, pin: other)) }
    #expect(try keeper.security(for: ShareLink(endpoint: home)).pin == pin)
    // The failure is reported once, and saving is tried again.
    try keeper.note(online)
    #expect(try known() == nil)
    try folder.remove("known_hosts.lock")
    try keeper.note(online)
    #expect(try known() == pin)
  }

  @Test
  func `the pin follows a trust command that ran meanwhile`() throws {
    let keeper = try MemoryKeeper(of: ShareLink(endpoint: home), files: files)
    try keeper.note(.pinned(pin))
    try #require(files.knownHosts).replace(other, for: home)
    #expect(try keeper.security(for: ShareLink(endpoint: home)).pin == other)
    try keeper.note(online)
    #expect(try known() == other)
  }

  @Test
  func `the pin is the accepted one, and absent after plain text was accepted`() throws {
    let keeper = try MemoryKeeper(of: ShareLink(endpoint: home), files: files)
    try keeper.note(.pinned(pin))
    try keeper.note(.trust(other), at: .now())
    #expect(try known() == other)
    try keeper.note(.trust(nil), at: .now())
    #expect(try known() == nil)
    #expect(keeper.session.pin == nil)
  }

  @Test
  func `what the next run needs is noted after the screen has ended`() throws {
    let keeper = try MemoryKeeper(of: ShareLink(endpoint: home), files: files)
    let id = SendID(1)
    try keeper.note(.say(id: id, to: .lobby, text: "hi"), at: .now())
    let events = [ClientEvent.sending(id), .token("t1"), .sendFailed(id, reason: "It was not sent before you left.")]
    for event in events where event.isForNextRun { try keeper.note(event) }
    #expect(keeper.session.unconfirmed.map(\.wasTransmitted) == [true])
    #expect(keeper.session.token == "t1")
  }

  @Test
  func `the pin is shared by all spellings of the host, but not by another port`() throws {
    let hosts = try #require(files.knownHosts)
    for (number, (one, same)) in [("Chat.Example.org", "chat.example.ORG."), ("[::1]:5000", "[0::1]:5000")].enumerated()
    {
      let pin = number == 0 ? pin : other
      _ = try hosts.add(pin, for: Endpoint(one))
      #expect(try hosts.pin(of: Endpoint(same)) == pin)
    }
    #expect(try hosts.pin(of: Endpoint("chat.example.org:4001")) == nil)
    #expect(try hosts.pin(of: Endpoint("[::1]:4000")) == nil)
  }
}
