import Foundation
import TestSupport
import Testing

/// A server without free file descriptors keeps its connections and accepts new ones later.
@Suite(.interacting, .serialized)
struct DescriptorTests {
  @Test func `under a low limit descriptors are reserved for the server itself`() async throws {
    try await Workspace.use { workspace in
      let limited = try workspace.serveScript("ulimit -n 64; exec '\(try Binary.path())' serve \"$@\"")
      let server = try await ServerProcess.start(
        in: workspace, options: ["--login-timeout", "0", "--idle-timeout", "0"], executable: limited)
      let clients = try (0..<20).map { _ in try RawClient.connect(port: server.port) }
      for (index, client) in clients.enumerated() {
        try await client.send("LOGIN n\(index)\n")
        try await client.waitFor(exactly: "OK\n")
      }
      // Many more than there are descriptors for.
      for _ in 0..<100 {
        let refused = try RawClient.connect(port: server.port)
        try await refused.waitFor(exactly: "ERR server-full\n")
        try await refused.end()
        refused.close()
      }
      try await clients[0].send("MSG hello\n")
      for client in clients.dropFirst() { try await client.waitFor(exactly: "OK\nMSG n0 hello\n") }
      clients[1].close()
      try await clients[0].waitFor("INFO n1 disconnected\n")
      let late = try RawClient.connect(port: server.port)
      try await late.send("LOGIN late\n")
      try await late.waitFor(exactly: "OK\n")
    }
  }

  #if os(Linux)
    @Test func `without free descriptors new connections wait`() async throws {
      try await Workspace.use { workspace in
        let server = try await ServerProcess.start(in: workspace)
        let neha = try RawClient.connect(port: server.port)
        try await neha.send("LOGIN neha\n")
        try await neha.waitFor(exactly: "OK\n")
        try await limit(server, to: 8, in: workspace)
        // The kernel completes the connection, but the server cannot accept it.
        let akash = try RawClient.connect(port: server.port)
        try await akash.send("LOGIN akash\n")
        for _ in 0..<100 { try await neha.send("PING\n") }
        try await neha.waitFor(exactly: "OK\n" + String(repeating: "PONG\n", count: 100))
        #expect(akash.received == [])
        try await limit(server, to: 256, in: workspace)
        try await akash.waitFor(exactly: "OK\n")
      }
    }

    private func limit(_ server: ServerProcess, to count: Int, in workspace: Workspace) async throws {
      let child = try workspace.launch(
        try Tool.path("prlimit"), ["--pid", "\(server.processID)", "--nofile=\(count):"])
      #expect(try await child.end() == .exited(0))
    }
  #endif
}
