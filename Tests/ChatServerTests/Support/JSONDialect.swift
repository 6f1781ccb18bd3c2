import ChatDialects
import ChatHub
import ChatProtocol
import ChatRecords
import Foundation
import NIOCore

/// A third dialect, which only tests use: one JSON object per line, three requests, and no echoes.
///
///     {"login":"neha"}  {"say":"hello"}  {"ping":true}
///     {"ok":"LOGIN"}  {"from":"neha","text":"hello"}  {"pong":true}  {"error":"empty-message"}
final class JSONDialect: Dialect {
  var capabilities: Capabilities = []
  private var received = ByteBuffer()

  private struct JSONRequest: Decodable {
    var login: String?
    var say: String?
    var ping: Bool?
  }

  var sharedForm: any SharedForm { JSONForm() }

  func append(_ bytes: ByteBuffer) { received.writeImmutableBuffer(bytes) }

  func next() -> Request? {
    guard let end = received.readableBytesView.firstIndex(of: UInt8(ascii: "\n")),
      let line = received.readBytes(length: end - received.readerIndex)
    else { return nil }
    received.moveReaderIndex(forwardBy: 1)
    return Request(Result { () throws(RequestError) in try Self.message(line) }, bytes: line.count)
  }

  private static func message(_ line: [UInt8]) throws(RequestError) -> ClientMessage? {
    guard let wish = try? JSONDecoder().decode(JSONRequest.self, from: Data(line)) else {
      throw RequestError(.unknownCommand)
    }
    if let name = wish.login {
      guard let name = Nickname(name) else { throw RequestError(.invalidUsername, .login) }
      return .login(name)
    }
    if let text = wish.say { return .message(text) }
    if wish.ping == true { return .ping }
    throw RequestError(.unknownCommand)
  }

  func knows(_ message: ServerMessage) -> Bool {
    switch message {
    case .ok, .error, .pong: true
    default: JSONForm().knows(message)
    }
  }

  func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer) {
    switch message {
    case .ok(let verb): buffer.write(["ok": verb?.rawValue ?? ""])
    case .error(let reply): buffer.write(["error": reply.code])
    case .pong: buffer.write(["pong": true])
    default: JSONForm().write(message, tags: tags, into: &buffer)
    }
  }
}

@available(*, unavailable)
extension JSONDialect: Sendable {}

private struct JSONForm: SharedForm, Equatable {
  var usesPacketPerLine: Bool { false }

  func knows(_ message: ServerMessage) -> Bool { if case .message = message { true } else { false } }
  func knows(_ message: StoredMessage) -> Bool { message.kind == .text }
  func echoes(_ message: StoredMessage) -> Bool { false }

  func write(_ message: ServerMessage, tags: Tags, into buffer: inout ByteBuffer) {
    if case .message(let author, let text) = message { buffer.write(["from": author.text, "text": text]) }
  }

  func write(_ message: StoredMessage, into buffer: inout ByteBuffer) {
    buffer.write(["from": message.author.text, "text": message.text])
  }
}

extension ByteBuffer {
  /// Appends one line of JSON, its keys in alphabetical order.
  fileprivate mutating func write(_ object: [String: some Encodable]) {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    guard let json = try? encoder.encode(object) else { return }
    writeBytes(json)
    writeInteger(UInt8(ascii: "\n"))
  }
}
