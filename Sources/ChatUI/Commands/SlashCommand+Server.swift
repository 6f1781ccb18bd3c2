import ChatModel
import ChatProtocol

extension SlashCommand {
  static let server = [
    SlashCommand(
      name: "connect", aliases: ["server"], parameters: "NAME|HOST[:PORT]",
      help: "open another server, beside those that are open",
      completable: [.server],
      run: { $0.connect(to: try $0.preferences.servers.resolve(try $1.requiredRest()).link) }),
    SlashCommand(
      name: "disconnect", parameters: "[SERVER]", help: "close a server and its tabs", completable: [.openServer],
      run: { try $0.disconnect($1.isAtEnd ? nil : $1.takeRest()) }),
    SlashCommand(
      name: "name", aliases: ["nick"], parameters: "NAME", help: "use another name",
      run: { interface, words in
        guard let name = Nickname(try words.requiredRest()) else {
          throw UsageError(ErrorCode.invalidUsername.explanation)
        }
        interface.noteDeferred("your name is \(name)")
        return interface.choose(name)
      }),
    .request(
      "key", "[list|add REQUEST|remove KEY]", forms: "/key list, /key add REQUEST [LABEL] or /key remove KEY",
      help: "manage the keys of your name", completable: [.keyAction, .key]
    ) { interface, words in try words.keyRequest(in: interface) },
    SlashCommand(
      name: "trust", help: "accept the server's new key", run: { interface, _ in interface.trust() }),
    SlashCommand(name: "ping", help: "measure the delay to the server", run: { _, _ in [.client(.ping)] }),
  ]
}

extension CommandWords {
  /// Reads the arguments of `/key`.
  fileprivate mutating func keyRequest(in interface: Interface) throws(UsageError) -> AdminRequest {
    switch next()?.lowercased() {
    case nil, "list": return .listKeys
    case "add":
      guard let request = KeyRequest(try required()) else {
        let command = "swiftchat identity request \(interface.name) SERVER"
        throw UsageError("no request of a key: `\(command)` prints one on the other machine")
      }
      return .addKey(request, label: try reason())
    case "remove":
      let word = try required()
      if let key = PublicKey(word) { return .removeKey(key) }
      guard !interface.administration.keys.isEmpty else {
        throw UsageError("a key can be shortened after /key list; use that first")
      }
      let listed = interface.administration.keys(beginningWith: word)
      guard let key = listed.first else {
        throw UsageError("no key of yours begins with \(word.sanitizedWord); /key list shows them")
      }
      guard listed.count == 1 else { throw UsageError("several keys of yours begin with \(word.sanitizedWord)") }
      return .removeKey(key)
    default: throw usageError
    }
  }
}
