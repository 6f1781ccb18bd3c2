import NIOCore

extension ClientMessage {
  /// Stands in place of a target for all conversations that the requester may read.
  static let everywhere = "*"

  /// Appends the line, including its LF.
  /// - Parameter tags: with `hasLines`, for servers with `lines`, a text of several lines is escaped; other texts are
  ///   written without that tag.
  public func write(into buffer: inout ByteBuffer, tags: Tags = Tags()) {
    guard tags.hasLines else { return writeVerbatim(into: &buffer, tags: tags) }
    if let escaped = withEscapedLines { return escaped.writeVerbatim(into: &buffer, tags: tags) }
    var tags = tags
    tags.hasLines = false
    writeVerbatim(into: &buffer, tags: tags)
  }

  private func writeVerbatim(into buffer: inout ByteBuffer, tags: Tags) {
    tags.write(into: &buffer)
    buffer.append(verb.rawValue)
    switch self {
    case .login(let name):
      buffer.append(parameter: name.text)
    case .message(let text):
      buffer.append(freeText: text)
    case .direct(let name, let text):
      buffer.append(parameter: name.text)
      buffer.append(freeText: text)
    case .who(let room):
      if let room { buffer.append(parameter: room.text) }
    case .ping, .quit, .rooms: break
    case .away(let text):
      if let text { buffer.append(freeText: text) }
    case .listCapabilities: buffer.append(" LS")
    case .requestCapabilities(let names):
      buffer.append(" REQ")
      for name in names { buffer.append(freeText: name) }
    case .join(let room, let cursor):
      buffer.append(parameter: room.text)
      if let cursor {
        buffer.append(parameter: cursor.epoch.text)
        buffer.append(parameter: String(cursor.sequence))
      }
    case .part(let room):
      buffer.append(parameter: room.text)
    case .topic(let room, let text):
      buffer.append(parameter: room.text)
      if let text { buffer.append(freeText: text) }
    case .say(let target, let text):
      buffer.append(parameter: target.text)
      buffer.append(freeText: text)
    case .history(let target, let range, let limit):
      buffer.append(parameter: target.text)
      switch range {
      case .before(let sequence): buffer.append(" BEFORE \(sequence)")
      case .after(let sequence): buffer.append(" AFTER \(sequence)")
      case .latest: buffer.append(" LATEST *")
      }
      buffer.append(parameter: String(limit))
    case .search(let target, let limit, let text):
      buffer.append(parameter: target?.text ?? Self.everywhere)
      buffer.append(parameter: String(limit))
      buffer.append(freeText: text)
    case .resume(let token, let cursors):
      buffer.append(freeText: token)
      for cursor in cursors { buffer.append(cursor) }
    case .mark(let target, let sequence):
      buffer.append(parameter: target.text)
      buffer.append(parameter: String(sequence))
    case .admin(let request): request.write(into: &buffer)
    }
    buffer.append(UInt8(ascii: "\n"))
  }
}

extension ByteBuffer {
  mutating func append(_ cursor: Cursor) {
    append(parameter: cursor.target.text)
    append(parameter: cursor.epoch.text)
    append(parameter: String(cursor.sequence))
  }
}
