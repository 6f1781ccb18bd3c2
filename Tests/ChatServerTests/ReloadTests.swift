import ChatServer
import Foundation
import TestSupport
import Testing

/// Reloading settings of a running server.
@Suite struct ReloadTests {
  private func settings(_ folder: TemporaryFolder) -> ServerSettings {
    var settings = ServerSettings.local()
    settings.tls.files = TLSSettings.Files(
      certificate: "\(folder.path)/server.crt", key: "\(folder.path)/server.key")
    return settings
  }

  /// Creates a key and its certificate.
  private func makeIdentity(in folder: TemporaryFolder) async throws {
    var settings = ServerSettings.local()
    settings.tls.directory = folder.path
    await (try await ChatServer.start(settings)).shutDown()
  }

  @Test func `a certificate is replaced without disconnecting clients`() async throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    for folder in [first, second] { try await makeIdentity(in: folder) }
    let settings = settings(first)
    let log = LogLines()
    let server = try await ChatServer.start(settings, logger: log.logger(.warning))
    let old = server.pin
    // The client is used on one thread only, so the reload runs inside.
    try await onThread {
      let neha = try TLSClient.join(server, "neha")
      for name in try second.files { try first.write(name, second.read(name)) }
      let done = DispatchSemaphore(value: 0)
      Task {
        await server.reload(settings)
        done.signal()
      }
      done.wait()
      let akash = try TLSClient.join(server, "akash")
      #expect(neha.pin == old && akash.pin != old && akash.pin == server.pin)
      try neha.send("MSG hello")
      #expect(try neha.line() == "MSG neha hello")
      #expect(try akash.line() == "MSG neha hello")
    }
    #expect(log.all.count == 1 && log.all[0].hasPrefix("warning the server has a new key: "))
    await server.shutDown()
  }

  @Test func `a certificate that cannot be used leaves the previous one`() async throws {
    let folder = try TemporaryFolder()
    try await makeIdentity(in: folder)
    let log = LogLines()
    let server = try await ChatServer.start(settings(folder), logger: log.logger(.warning))
    let pin = server.pin
    try folder.write("server.crt", "rubbish".utf8)
    await server.reload(settings(folder))
    #expect(log.all == ["error the previous certificate stays in use"])
    #expect(try await onThread { try TLSClient.join(server, "neha").pin } == pin)
    #expect(server.pin == pin)
    await server.shutDown()
  }

  @Test func `a key in memory is kept`() async throws {
    let server = try await ChatServer.start(.local())
    let pin = server.pin
    await server.reload(.local())
    #expect(server.pin == pin)
    await server.shutDown()
    // After the shutdown a reload does nothing.
    await server.reload(.local())
  }

  @Test func `encryption is disabled and enabled`() async throws {
    let server = try await ChatServer.start(.local())
    let pin = server.pin
    var off = ServerSettings.local()
    off.tls.mode = .off
    await server.reload(off)
    #expect(server.pin == nil)
    try await onThread {
      let client = try SocketClient(port: server.port)
      try client.send([22, 10])
      #expect(try client.line() == "ERR control-character")
    }
    await server.reload(.local())
    try await onThread {
      let neha = try TLSClient.join(server, "neha")
      #expect(neha.pin == server.pin && neha.pin != pin)
    }
    await server.shutDown()
  }
}
