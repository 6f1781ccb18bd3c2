import NIOCore

extension AdminRequest {
  /// Appends the parameters.
  func write(into buffer: inout ByteBuffer) {
    switch self {
    case .listKeys: buffer.append(" LIST")
    case .addKey(let request, let label):
      buffer.append(" ADD")
      buffer.append(parameter: request.text)
      buffer.append(reason: label)
    case .removeKey(let key):
      buffer.append(" REMOVE")
      buffer.append(parameter: key.text)
    case .create(let room): buffer.append(parameter: room.text)
    case .invite(let room, let name), .uninvite(let room, let name):
      buffer.append(parameter: room.text)
      buffer.append(parameter: name.text)
    case .admit(let uses, let span):
      buffer.append(parameter: String(uses))
      buffer.append(parameter: span.text)
    case .kick(let name, let reason):
      buffer.append(parameter: name.text)
      buffer.append(reason: reason)
    case .ban(let subject, let span, let reason):
      buffer.append(parameter: subject.text)
      buffer.append(parameter: span.text)
      buffer.append(reason: reason)
    case .unban(let subject): buffer.append(parameter: subject.text)
    case .mute(let name, let span, let reason):
      buffer.append(parameter: name.text)
      buffer.append(parameter: span.text)
      buffer.append(reason: reason)
    case .unmute(let name), .makeOperator(let name), .unmakeOperator(let name): buffer.append(parameter: name.text)
    case .listSanctions, .listOperators: break
    case .slow(let room, let seconds):
      buffer.append(parameter: room.text)
      buffer.append(parameter: String(seconds))
    case .redact(let target, let sequence, let reason):
      buffer.append(parameter: target.text)
      buffer.append(parameter: String(sequence))
      buffer.append(reason: reason)
    case .delete(let room, let reason):
      buffer.append(parameter: room.text)
      buffer.append(reason: reason)
    case .listActs(let limit): buffer.append(parameter: String(limit))
    }
  }
}

extension ByteBuffer {
  /// Appends an optional last parameter; an empty one is omitted.
  mutating func append(reason: String) {
    if !reason.isEmpty { append(freeText: reason) }
  }
}
