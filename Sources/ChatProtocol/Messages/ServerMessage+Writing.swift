import NIOCore

extension ServerMessage {
  /// Appends the line, including its LF, as a session with these capabilities reads it: several lines for a message of
  /// several lines that the session cannot receive as one. Appends nothing if they include no form for the message.
  /// - Parameter tags: omitted for a session without `tags`.
  public func write(into buffer: inout ByteBuffer, for capabilities: Capabilities, tags: Tags = Tags()) {
    guard isKnown(in: capabilities) else { return }
    func write(_ line: ServerMessage, _ tags: Tags) {
      if capabilities.contains(.tags) { tags.write(into: &buffer) }
      line.writeOneLine(into: &buffer, for: capabilities)
    }
    guard let lines = lines(for: capabilities) else { return write(self, tags) }
    for (line, form) in lines {
      var tags = tags
      tags.mark(form)
      write(line, tags)
    }
  }

  /// Appends the line without tags. The text of a message must be one line.
  public func writeOneLine(into buffer: inout ByteBuffer, for capabilities: Capabilities) {
    let readsTags = capabilities.contains(.tags)
    switch self {
    case .ok(let verb):
      buffer.append("OK")
      if readsTags, let verb { buffer.append(parameter: verb.rawValue) }
    case .error(let reply):
      buffer.append("ERR")
      buffer.append(freeText: reply.code)
      if readsTags {
        buffer.append(parameter: reply.verb?.rawValue ?? Self.noVerb)
        buffer.append(freeText: reply.text)
      }
    case .message(let name, let text): Self.write("MSG", name, text, readsTags ? .verbatim : .collapsed, into: &buffer)
    case .direct(let name, let text): Self.write("DM", name, text, readsTags ? .verbatim : .trimmed, into: &buffer)
    case .user(let name):
      buffer.append("USER")
      buffer.append(parameter: name.text)
    case .users(let names):
      buffer.append("USERS ")
      buffer.append(names.map(\.text).joined(separator: ", "))
    case .pong: buffer.append("PONG")
    case .info(.disconnected(let name)): Self.writeDisconnected(name, into: &buffer)
    case .info(.other(let text)):
      buffer.append("INFO")
      buffer.append(freeText: text)
    case .joined(let name):
      buffer.append("JOINED")
      buffer.append(parameter: name.text)
    case .left(let name, let reason):
      guard capabilities.contains(.presence) else {
        Self.writeDisconnected(name, into: &buffer)
        break
      }
      buffer.append("LEFT")
      buffer.append(parameter: name.text)
      buffer.append(parameter: reason.rawValue)
    case .away(let name, let text): Self.write("AWAY", name, text, .verbatim, into: &buffer)
    case .back(let name):
      buffer.append("BACK")
      buffer.append(parameter: name.text)
    case .capabilities(let reply, let names):
      buffer.append("CAP")
      buffer.append(parameter: reply.rawValue)
      for name in names { buffer.append(freeText: name) }
    case .batchStart(let reference, let kind, let target):
      buffer.append("BATCH +")
      buffer.append(cleaned: reference)
      buffer.append(freeText: kind)
      if let target { buffer.append(parameter: target.text) }
    case .batchEnd(let reference):
      buffer.append("BATCH -")
      buffer.append(cleaned: reference)
    case .messageOfTheDay(let text):
      buffer.append("MOTD")
      buffer.append(freeText: text)
    case .room(let room, let people, let topic):
      buffer.append("ROOM")
      buffer.append(parameter: room.text)
      buffer.append(parameter: String(people))
      buffer.append(freeText: topic)
    case .topic(let name, let text): Self.write("TOPIC", name, text, .verbatim, into: &buffer)
    case .sync(let target, let epoch, let head):
      buffer.append("SYNC")
      buffer.append(Cursor(target: target, epoch: epoch, sequence: head))
    case .gap(let target, let from, let to):
      buffer.append("GAP")
      buffer.append(parameter: target.text)
      buffer.append(parameter: String(from))
      buffer.append(parameter: String(to))
    case .reset(let target, let epoch):
      buffer.append("RESET")
      buffer.append(parameter: target.text)
      buffer.append(parameter: epoch.text)
    case .mark(let target, let sequence):
      buffer.append("MARK")
      buffer.append(parameter: target.text)
      buffer.append(parameter: String(sequence))
    case .challenge(let challenge):
      buffer.append("CHALLENGE")
      buffer.append(parameter: challenge.text)
    case .redacted(let target, let sequence, let name):
      buffer.append("REMOVED")
      buffer.append(parameter: target.text)
      buffer.append(parameter: String(sequence))
      buffer.append(parameter: name.text)
    case .key(let key): Self.write(key, into: &buffer)
    case .sanction(let sanction): Self.write(sanction, into: &buffer)
    case .operatorName(let name):
      buffer.append("OPERATOR")
      buffer.append(parameter: name.text)
    case .act(let act): Self.write(act, into: &buffer)
    case .bye(let reason, let text):
      buffer.append(readsTags ? "BYE" : "INFO")
      buffer.append(parameter: readsTags ? reason.rawValue : reason.plainWord)
      if readsTags { buffer.append(freeText: text) }
    case .unrecognised(let text):
      buffer.append("INFO")
      buffer.append(freeText: text)
    }
    buffer.append(UInt8(ascii: "\n"))
  }

  /// Whether sessions with these capabilities receive the message.
  public func isKnown(in capabilities: Capabilities) -> Bool {
    switch self {
    case .ok(let verb): verb == .login || capabilities.contains(.tags)
    case .batchStart, .batchEnd, .messageOfTheDay: capabilities.contains(.tags)
    case .joined, .left(_, .parted), .away, .back: capabilities.contains(.presence)
    case .room, .topic: capabilities.contains(.rooms)
    case .sync, .gap, .reset: capabilities.contains(.history) || capabilities.contains(.resume)
    case .mark: capabilities.contains(.marks)
    case .challenge, .key: capabilities.contains(.keys)
    case .redacted, .sanction, .operatorName, .act: capabilities.contains(.moderation)
    case .error, .message, .direct, .user, .users, .pong, .info, .left, .capabilities, .bye, .unrecognised: true
    }
  }

  /// Stands in place of the verb for an error that belongs to no readable request.
  static let noVerb = "*"

  private static func write(
    _ verb: String, _ name: Nickname, _ text: String, _ spacing: Spacing, into buffer: inout ByteBuffer
  ) {
    buffer.append(verb)
    buffer.append(parameter: name.text)
    buffer.append(freeText: text.spaced(spacing))
  }

  private static func writeDisconnected(_ name: Nickname, into buffer: inout ByteBuffer) {
    buffer.append("INFO")
    buffer.append(parameter: name.text)
    buffer.append(" disconnected")
  }
}
