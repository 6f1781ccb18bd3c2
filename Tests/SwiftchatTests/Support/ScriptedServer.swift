import Foundation
import Platform

@testable import CommandSupport
@testable import swiftchat

/// A server's control socket in its own folder. The server follows a script, once.
final class ScriptedServer: Sendable {
  enum Step: Sendable {
    /// Waits for a line, and records it.
    case hear
    case say(String)
    /// Sends the text byte by byte.
    case spell(String)
    case hangUp
  }

  let directory: String
  private let listener: Int32
  private let isDone = DispatchSemaphore(value: 0)
  private let heard = Lines()

  /// Written on the script's thread, and read after the thread has ended.
  private final class Lines: @unchecked Sendable {
    var lines: [String] = []
  }

  init(_ script: [Step]) throws {
    // As in `main`: a client that disconnects early must not end the tests.
    ignoreBrokenPipes()
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("sc-\(UUID().uuidString.prefix(8))")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    directory = folder.path
    let listener = socket(AF_UNIX, streamSocket, 0)
    self.listener = listener
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let path = Array("\(folder.path)/\(ControlConnection.name)".utf8)
    guard path.count < MemoryLayout.size(ofValue: address.sun_path) else { throw POSIXError(.ENAMETOOLONG) }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    guard result == 0, listen(listener, 1) == 0 else { throw POSIXError(.EIO) }
    let (heard, isDone) = (heard, isDone)
    Thread { Self.play(script, on: listener, into: heard, isDone) }.start()
  }

  deinit {
    close(listener)
    try? FileManager.default.removeItem(atPath: directory)
  }

  /// All received lines, after the client has disconnected.
  func lines() -> [String] {
    isDone.wait()
    return heard.lines
  }

  private static func play(_ script: [Step], on listener: Int32, into heard: Lines, _ isDone: DispatchSemaphore) {
    defer { isDone.signal() }
    let connection = accept(listener, nil, nil)
    guard connection >= 0 else { return }
    defer { close(connection) }
    for step in script {
      switch step {
      case .hear: if let line = readLine(from: connection) { heard.lines.append(line) }
      case .say(let text): write(text, to: connection)
      case .spell(let text):
        for byte in text.utf8 {
          var byte = byte
          _ = Foundation.write(connection, &byte, 1)
        }
      case .hangUp: return
      }
    }
    while let line = readLine(from: connection) { heard.lines.append(line) }
  }

  private static func readLine(from connection: Int32) -> String? {
    var bytes: [UInt8] = []
    var byte: UInt8 = 0
    while read(connection, &byte, 1) == 1 {
      if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
      bytes.append(byte)
    }
    return nil
  }
}
