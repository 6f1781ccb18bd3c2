import ChatHub
import ChatLog
import Foundation
import TestSupport
import Testing

@testable import ChatServer

@Suite struct ControlSocketTests {
  private func settings(_ directory: String) -> ServerSettings {
    var settings = ServerSettings.local()
    settings.controlDirectory = directory
    return settings
  }

  @Test func `the control socket exists for its owner while the server runs`() async throws {
    let folder = try TemporaryFolder()
    let server = try await ChatServer.start(settings(folder.path))
    #expect(try folder.mode(ControlSocket.name) == 0o600)
    try await onThread {
      let client = try SocketClient(control: "\(folder.path)/\(ControlSocket.name)")
      try client.send("PING")
      #expect(try client.line() != nil)
    }
    await server.shutDown()
    #expect(try folder.files == [])
  }

  @Test func `the control socket replaces that of a crashed server, and not of a running one`() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/\(ControlSocket.name)"
    // The socket is bound and closed, as after a crash.
    close(try ControlSocket(directory: folder.path).descriptor)
    #expect(try folder.files == [ControlSocket.name])
    let server = try await ChatServer.start(settings(folder.path))
    let log = LogLines()
    let second = try await ChatServer.start(settings(folder.path), logger: log.logger(.warning))
    #expect(log.all == ["warning the host's own programs cannot reach the server"])
    await second.shutDown()
    try await onThread { _ = try SocketClient(control: path) }
    await server.shutDown()
  }

  @Test func `a change is answered when it is stored or has failed`() async throws {
    let folder = try TemporaryFolder()
    let log = ControlledLog()
    try await withServer(settings(folder.path), .onDisk(log)) { server in
      let host = try SocketClient(control: "\(folder.path)/\(ControlSocket.name)")
      try host.send("CAP REQ tags moderation")
      #expect(try host.line() == "CAP ACK tags moderation")
      log.isHanging = true
      try host.send("BAN @zoe *")
      let zoe = try SocketClient.join(server, "zoe")
      try eventually("the log waits for the disk") { log.hasWaitingCall }
      log.failure = LogError(.full, "the disk is full")
      log.isHanging = false
      #expect(
        try host.line() == "ERR storage-unavailable BAN The server's disk is full; nothing was changed.")
      try zoe.send("PING")
      #expect(try zoe.line() == "PONG")
      log.failure = nil
      try host.send("BAN @zoe *")
      #expect(try host.line() == "OK BAN")
      #expect(try zoe.lines(2) == ["INFO banned", nil])
      #expect(try log.registry().sanctions.count == 1)
    }
  }

  @Test func `without it the server still runs`() async throws {
    let folder = try TemporaryFolder()
    try folder.write("file", [])
    let long = folder.path + "/" + String(repeating: "x", count: 120)
    let taken = folder.path + "/taken"
    try FileManager.default.createDirectory(
      atPath: "\(taken)/\(ControlSocket.name)", withIntermediateDirectories: true)
    for directory in [long, taken, folder.path + "/file"] {
      let log = LogLines()
      try await withServer(settings(directory), logger: log.logger(.warning)) { server in
        _ = try SocketClient.join(server, "neha")
      }
      #expect(log.all == ["warning the host's own programs cannot reach the server"], "\(directory)")
    }
  }
}
