import ChatProtocol

extension AdminRequest {
  /// The state after the server accepted the request: `zoe is muted for 12 hours: spam`. Safe to show.
  public var outcome: String {
    switch self {
    case .listKeys, .listSanctions, .listOperators, .listActs: "there is nothing to list"
    case .addKey(let request, let label):
      "the name belongs to the key \(request.key.shortened), too" + Self.remark(label)
    case .removeKey(let key): "the name does not belong to the key \(key.shortened) any more"
    case .create(let room): "\(room) is there, for invited people only; /invite NAME lets somebody in"
    case .invite(let room, let name): "\(name) may come into \(room)"
    case .uninvite(let room, let name): "\(name) may not come into \(room) any more"
    case .admit(let uses, let span):
      "\(uses == 1 ? "one person" : uses.counted("person", plural: "people")) may come in\(span.within)"
    case .kick(let name, let reason): "\(name) was thrown out" + Self.remark(reason)
    case .ban(let subject, let span, let reason):
      "\(subject.described) is banned \(span.length)" + Self.remark(reason)
    case .unban(let subject): "\(subject.described) is not banned any more"
    case .mute(let name, let span, let reason): "\(name) is muted \(span.length)" + Self.remark(reason)
    case .unmute(let name): "\(name) is not muted any more"
    case .slow(let room, 0): "\(room) is not slow any more"
    case .slow(let room, let seconds):
      "\(room) is slow: a message every \(Duration.seconds(seconds).inWords) from each person"
    case .redact(let target, let sequence, let reason):
      "message \(sequence) of \(target) was removed" + Self.remark(reason)
    case .delete(let room, let reason): "\(room) was deleted, with all that was said in it" + Self.remark(reason)
    case .makeOperator(let name): "\(name) is an operator"
    case .unmakeOperator(let name): "\(name) is no operator any more"
    }
  }

  private static func remark(_ text: String) -> String { text.isEmpty ? "" : ": \(DisplayText.sanitize(text))" }
}

extension AdminRequest.Span {
  /// `for 12 hours`, `for ever`
  var length: String {
    switch self {
    case .seconds(let seconds): "for \(Duration.seconds(seconds).inWords)"
    case .forever: "for ever"
    }
  }

  fileprivate var within: String {
    switch self {
    case .seconds(let seconds): ", within \(Duration.seconds(seconds).inWords)"
    case .forever: ""
    }
  }
}

extension Subject {
  /// The subject with its kind: `the network 192.0.2.0/24`.
  var described: String {
    switch self {
    case .name: "the name \(shortened)"
    case .key(let key): "the key \(key.shortened)"
    case .network(let network) where network.isOneAddress: "the address \(shortened)"
    case .network: "the network \(shortened)"
    }
  }

  /// For display: a name without its `@`, a key without its end.
  var shortened: String {
    switch self {
    case .name(let name): name.text
    case .key(let key): "key:\(key.shortened)"
    case .network: text
    }
  }
}

extension PublicKey {
  /// The beginning of the key: enough to distinguish it from the other keys of the account.
  var shortened: String { "\(text.prefix(10))…" }
}
