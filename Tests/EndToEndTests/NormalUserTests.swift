import Foundation
import TestSupport
import Testing

/// The server without privileges, as services and containers run it.
@Suite(.interacting) struct NormalUserTests {
  #if os(Linux)
    @Test func `a server without privileges serves every connection`() async throws {
      try await Workspace.use { workspace in
        let binary = try await NormalUser.binary(in: workspace)
        let server = try await ServerProcess.start(in: workspace, executable: binary)
        let status = try String(contentsOfFile: "/proc/\(server.processID)/status", encoding: .utf8)
        #expect(!status.contains("Uid:\t0\t"), "\(status)")
        #expect(status.contains("CapEff:\t0000000000000000\n"), "\(status)")
        for name in ["neha", "akash"] {
          let client = try RawClient.connect(port: server.port)
          try await client.send("LOGIN \(name)\nWHO\nQUIT\n")
          try await client.end()
          #expect(String(decoding: client.received, as: UTF8.self) == "OK\nUSER \(name)\n")
        }
        #expect(!server.errors.contains("fails"), "\(server.errors)")
        #expect(try await server.terminate() == .exited(0))
      }
    }
  #endif
}
