import NIOCore

// Lines of the lists that answer an `AdminRequest`.
//
//     KEY key time [ label ]              in a batch of keys
//     SANCTION ban|mute subject until|* by [ reason ]     of sanctions
//     OPERATOR name                       of operators
//     ACT time by verb subject [ text ]   of acts

extension ServerMessage {
  static func write(_ key: AccountKey, into buffer: inout ByteBuffer) {
    buffer.append("KEY")
    buffer.append(parameter: key.key.text)
    buffer.append(parameter: key.added.description)
    buffer.append(reason: key.label)
  }

  static func write(_ sanction: Sanction, into buffer: inout ByteBuffer) {
    buffer.append("SANCTION")
    buffer.append(parameter: sanction.kind.rawValue)
    buffer.append(parameter: sanction.subject.text)
    buffer.append(parameter: sanction.until?.description ?? "*")
    buffer.append(parameter: sanction.by.text)
    buffer.append(reason: sanction.reason)
  }

  static func write(_ act: Act, into buffer: inout ByteBuffer) {
    buffer.append("ACT")
    buffer.append(parameter: act.time.description)
    buffer.append(parameter: act.by.text)
    buffer.append(parameter: act.verb.rawValue)
    buffer.append(freeText: act.subject.asOneWord)
    buffer.append(reason: act.text)
  }
}

extension String {
  /// White space would shift the parameters that follow, and is replaced.
  fileprivate var asOneWord: String {
    isEmpty ? "*" : String(UnicodeScalarView(unicodeScalars.map { $0 == " " || $0 == "\t" ? "\u{fffd}" : $0 }))
  }
}

extension Words {
  mutating func time() -> Timestamp? { next().flatMap { Timestamp(String($0)) } }

  mutating func key() -> ServerMessage? {
    guard let key = next().flatMap({ PublicKey($0) }), let added = time() else { return nil }
    return .key(AccountKey(key: key, added: added, label: remainder))
  }

  mutating func sanction() -> ServerMessage? {
    guard let kind = next().flatMap({ Sanction.Kind(rawValue: String($0)) }),
      let subject = next().flatMap({ Subject($0) }),
      let word = next()
    else { return nil }
    let until = Timestamp(String(word))
    guard word == "*" || until != nil, let by = next().flatMap({ Nickname($0) }) else { return nil }
    return .sanction(Sanction(kind: kind, subject: subject, until: until, by: by, reason: remainder))
  }

  mutating func act() -> ServerMessage? {
    guard let time = time(), let by = next().flatMap({ Nickname($0) }),
      let verb = next().flatMap({ Verb(reading: $0) }),
      let subject = next()
    else { return nil }
    return .act(Act(time: time, by: by, verb: verb, subject: String(subject), text: remainder))
  }
}
