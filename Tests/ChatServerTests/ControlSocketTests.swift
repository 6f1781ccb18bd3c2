import ChatHub
import Foundation
import TestSupport
import Testing

@testable import ChatServer

/// The host's own way in.
@Suite struct ControlSocketTests {
  private func settings(_ directory: String) -> ServerSettings {
    var settings = ServerSettings.local()
    settings.controlDirectory = directory
    return settings
  }

  @Test func `it is there for its owner while the server runs`() async throws {
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

  @Test func `it takes the place of a dead server's, and not of a living one's`() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/\(ControlSocket.name)"
    // Bound and closed, as a crash leaves it.
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

  @Test func `without it the server runs all the same`() async throws {
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
