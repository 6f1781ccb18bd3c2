import ChatHub
import Foundation
import Testing

@testable import ChatServer

/// Plays a transcript against a real server over real sockets.
///
/// To check that nothing more arrives, the player does not wait for a time: everything that the server sent before its
/// answer to a `PING` has arrived with the answer.
final class TranscriptPlayer {
  private let transcript: WireTranscript
  private let server: ChatServer
  private var clients: [String: PlayedClient] = [:]
  /// A client that never logs in. Its answer shows that the server has read everything sent before on any other socket.
  private let pacer: SocketClient
  private let onShutDown: () -> Void
  /// A note for failure messages.
  private let note: String

  private struct PlayedClient {
    let socket: SocketClient
    var isLoggedIn = false
    var canSpeak = true
  }

  private struct TranscriptFailure: Error, CustomStringConvertible {
    let description: String
  }

  /// - Parameter storage: the server's storage; nil for memory.
  static func play(_ transcript: WireTranscript, _ storage: LogStorage? = nil, note: String = "") async throws {
    let hub = HubSettings(idleTimeout: transcript.idleTimeout.map { .seconds($0) }, loginTimeout: nil)
    try await withServer(.local(hub: hub), storage) { server in
      try TranscriptPlayer(transcript, server, note: note, onShutDown: { Task { await server.shutDown() } }).play()
    }
  }

  private init(
    _ transcript: WireTranscript, _ server: ChatServer, note: String, onShutDown: @escaping () -> Void
  ) throws {
    self.note = note
    self.transcript = transcript
    self.server = server
    self.onShutDown = onShutDown
    pacer = try SocketClient(port: server.port)
  }

  private func play() throws {
    var line = 1
    do {
      for step in transcript.steps {
        line = step.line
        try play(step)
      }
      for actor in clients.keys.sorted() where clients[actor]?.canSpeak == true { try receiveNothing(actor) }
    } catch {
      let place = SourceLocation(
        fileID: "ChatServerTests/\(transcript.name).txt", filePath: transcript.path, line: line, column: 1)
      Issue.record("\(transcript.name).txt:\(line): \(error) \(note)", sourceLocation: place)
    }
  }

  private func play(_ step: WireTranscript.Step) throws {
    if case .shutDown = step.action { return onShutDown() }
    if clients[step.actor] == nil { clients[step.actor] = PlayedClient(socket: try SocketClient(port: server.port)) }
    guard let client = clients[step.actor] else { return }
    switch step.action {
    case .connect, .shutDown: break
    case .send(let packets): try send(packets, by: client.socket)
    case .receive(let bytes): try receive(bytes, step.actor)
    case .receiveNothing: try receiveNothing(step.actor)
    case .receiveEnd:
      if let line = try client.socket.readLine() {
        throw TranscriptFailure(description: "got \(quoted(line)), not the end")
      }
      clients[step.actor]?.canSpeak = false
    case .pingUntil(let line): try ping(until: line, client.socket)
    case .halfClose:
      client.socket.halfClose()
      clients[step.actor]?.canSpeak = false
    case .close: leave(step.actor) { $0.close() }
    case .reset: leave(step.actor) { $0.reset() }
    }
  }

  private func leave(_ actor: String, by leaving: (SocketClient) -> Void) {
    guard let client = clients.removeValue(forKey: actor) else { return }
    leaving(client.socket)
  }

  private func send(_ packets: [[UInt8]], by socket: SocketClient) throws {
    for (index, packet) in packets.enumerated() {
      if index > 0 { try pace() }
      try socket.send(packet)
    }
  }

  private func pace() throws {
    try pacer.send("PING")
    guard try pacer.line() == "ERR not-logged-in" else {
      throw TranscriptFailure(description: "the pacer got an unexpected line")
    }
  }

  /// Compares bytes; they may contain several lines.
  private func receive(_ bytes: [UInt8], _ actor: String) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let length = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 - rest.startIndex + 1 } ?? rest.count
      let expected = Array(rest.prefix(length))
      let line = try clients[actor]?.socket.readLine()
      guard line == expected else {
        throw TranscriptFailure(description: "got \(line.map(quoted) ?? "the end"), not \(quoted(expected))")
      }
      rest = rest.dropFirst(length)
    }
    if bytes == Array("OK\n".utf8) { clients[actor]?.isLoggedIn = true }
  }

  private func receiveNothing(_ actor: String) throws {
    guard let client = clients[actor] else { return }
    try client.socket.send("PING")
    let expected = client.isLoggedIn ? "PONG" : "ERR not-logged-in"
    guard let line = try client.socket.line() else {
      throw TranscriptFailure(description: "\(actor) got the end, not nothing")
    }
    if line != expected {
      throw TranscriptFailure(description: "\(actor) got \(quoted(Array(line.utf8))), not nothing")
    }
  }

  private func ping(until expected: [UInt8], _ socket: SocketClient) throws {
    while true {
      try socket.send("PING")
      guard let line = try socket.readLine() else { throw TranscriptFailure(description: "got the end") }
      if line == expected { break }
      guard line == Array("PONG\n".utf8) else { throw TranscriptFailure(description: "got \(quoted(line))") }
      // Other tests need the processor meanwhile.
      usleep(10_000)
    }
    guard try socket.line() == "PONG" else { throw TranscriptFailure(description: "the last PING was not answered") }
  }

  private func quoted(_ bytes: [UInt8]) -> String {
    let shown = bytes.prefix(200)
    return String(decoding: shown, as: UTF8.self).debugDescription + (shown.count < bytes.count ? "…" : "")
  }
}
