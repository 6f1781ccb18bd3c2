import ChatProtocol
import Foundation
import TestSupport
import Testing

@testable import swiftchat

/// The control socket.
@Suite(.interacting)
struct ControlConnectionTests {
  private func failure(_ body: () throws -> Void) -> String {
    do {
      try body()
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test
  func `the control connection sends a request, reads the answer in any pieces, and quits`() throws {
    let server = try ScriptedServer([
      .hear, .spell("CAP ACK tags moderation\n"), .hear, .spell("@label=1 BATCH +0 operators\n@batch=0 OPERATOR né"),
      .say("ha\nBATCH -0\n"),
    ])
    do {
      let socket = try ControlConnection(directories: [server.directory])
      #expect(try socket.ask(.listOperators) == .operators(["néha"].compactMap { Nickname($0) }))
    }
    #expect(server.lines() == ["CAP REQ tags moderation", "@label=1 OPS", "QUIT"])
  }

  @Test
  func `admin reports that no server runs`() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sc-\(UUID().uuidString.prefix(8))").path
    #expect(
      failure { _ = try ControlConnection(directories: [folder]) }
        == "no server runs on \(folder); start it with `swiftchat serve`, or name another with --data")
    // The socket of a killed server.
    let left: String
    do {
      let server = try ScriptedServer([.hangUp])
      left = server.directory
      let socket = try ControlConnection(directories: [left])
      #expect(failure { _ = try socket.ask(.listOperators) }.hasPrefix("the server hung up"))
      _ = server.lines()
    }
    #expect(failure { _ = try ControlConnection(directories: [left]) }.hasPrefix("no server runs on \(left)"))
    // The first socket with a server is used.
    let there = try ScriptedServer([.hangUp])
    do { _ = try ControlConnection(directories: [folder, left, there.directory]) }
    _ = there.lines()
    #expect(
      failure { _ = try ControlConnection(directories: [folder, left]) }
        .hasPrefix("no server runs on \(folder), nor on \(left); "))
    let long = "/" + String(repeating: "x", count: 200)
    #expect(failure { _ = try ControlConnection(directories: [long]) }.contains("is too long for a socket"))
  }

  @Test
  func `admin does not wait forever for a server that hangs up or stalls`() throws {
    let short = Duration.milliseconds(200)
    let scripts: [([ScriptedServer.Step], Duration, String)] = [
      (
        [.hear, .say("CAP ACK tags moderation\n"), .hear, .hangUp], Patience.limit,
        "the server hung up before it answered"
      ),
      ([.hear, .say("CAP ACK tags moderation\n@label=1 BATCH +0 operators\n")], short, "the server does not answer"),
      ([.hear, .spell("CAP A")], short, "the server does not answer"), ([], short, "the server does not answer"),
    ]
    for (script, patience, words) in scripts {
      let server = try ScriptedServer(script)
      do {
        let socket = try ControlConnection(directories: [server.directory])
        #expect(failure { _ = try socket.ask(.listOperators, within: patience) } == words)
      }
      _ = server.lines()
    }
  }
}
