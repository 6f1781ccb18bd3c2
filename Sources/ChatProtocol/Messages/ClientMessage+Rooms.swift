import NIOCore

extension ClientMessage {
  /// Stands in place of a target for all conversations that the requester may read.
  static let everywhere = "*"
}

extension ByteBuffer {
  mutating func append(_ cursor: Cursor) {
    append(parameter: cursor.target.text)
    append(parameter: cursor.epoch.text)
    append(parameter: String(cursor.sequence))
  }
}

extension Words {
  mutating func target() -> Target? { next().flatMap { Target($0) } }

  mutating func number() -> Int? { next()?.asCount }

  mutating func room(for verb: Verb) throws(RequestError) -> RoomName {
    guard let room = next().flatMap({ RoomName($0) }) else { throw RequestError(.invalidRoom, verb) }
    return room
  }

  mutating func room(orNothingFor verb: Verb?) throws(RequestError) -> RoomName? {
    guard let word = next() else { return nil }
    guard let room = RoomName(word) else { throw RequestError(.invalidRoom, verb) }
    return room
  }

  mutating func joining() throws(RequestError) -> ClientMessage {
    let room = try room(for: .join)
    guard !isAtEnd else { return .join(room, nil) }
    guard let epoch = next().flatMap({ Epoch($0) }), let sequence = number(), isAtEnd else {
      throw RequestError(.invalidRoom, .join)
    }
    return .join(room, Cursor(target: .room(room), epoch: epoch, sequence: sequence))
  }

  mutating func history() throws(RequestError) -> ClientMessage {
    guard let target = target(), let direction = next()?.asciiUppercased(), let bound = next() else {
      throw RequestError(.invalidHistory, .history)
    }
    let range: HistoryRange? =
      switch direction {
      case "BEFORE": bound.asCount.map { .before($0) }
      case "AFTER": bound.asCount.map { .after($0) }
      case "LATEST": bound == "*" ? .latest : nil
      default: nil
      }
    guard let range, let limit = number(), limit > 0, isAtEnd else { throw RequestError(.invalidHistory, .history) }
    return .history(target, range, limit: limit)
  }

  mutating func search() throws(RequestError) -> ClientMessage {
    guard let word = next(), let limit = number(), limit > 0, let text = text(.verbatim) else {
      throw RequestError(.invalidSearch, .search)
    }
    if word == ClientMessage.everywhere { return .search(nil, limit: limit, text: text) }
    guard let target = Target(word) else { throw RequestError(.invalidSearch, .search) }
    return .search(target, limit: limit, text: text)
  }

  mutating func resuming() throws(RequestError) -> ClientMessage {
    guard let token = next() else { throw RequestError(.invalidResume, .resume) }
    var cursors: [Cursor] = []
    while !isAtEnd {
      guard let target = target(), let epoch = next().flatMap({ Epoch($0) }), let sequence = number() else {
        throw RequestError(.invalidResume, .resume)
      }
      cursors.append(Cursor(target: target, epoch: epoch, sequence: sequence))
    }
    return .resume(token: String(token), cursors)
  }
}
