import ChatClient
import ChatProtocol
import CommandSupport

/// The file with the user's private key, by which servers identify the user.
///
///     # comments
///     swiftchat-ed25519 SECRET
struct IdentityFile: Sendable {
  private static let kind = "swiftchat-ed25519"
  static let maximumBytes = 4096

  private let file: PrivateFile

  var path: String { file.path }

  init(folder: String) { file = PrivateFile(path: folder + "/identity", maximumBytes: Self.maximumBytes) }

  struct Loaded {
    var identity: Identity
    /// A warning for the user; nil if there is none.
    var warning: String?
  }

  /// Loads the key, or creates one.
  /// - Throws: `Failure` if the file is invalid. The file is never overwritten.
  func loadOrMake() throws(Failure) -> Loaded {
    if let loaded = try load() { return loaded }
    let identity = Identity()
    if try file.create(Self.text(of: identity)) { return Loaded(identity: identity) }
    // Another process created the file at the same time.
    guard let loaded = try load() else { throw Failure("\(path) comes and goes") }
    return loaded
  }

  /// - Returns: nil if the file does not exist.
  func load() throws(Failure) -> Loaded? {
    guard let contents = try file.read() else { return nil }
    let identity: Identity
    do {
      identity = try Self.identity(in: contents.text, of: path)
    } catch {
      throw Failure(
        "\(error.description); put back a copy of the file, or take another key with"
          + " 'swiftchat identity import FILE --force', which keeps the file beside it")
    }
    let warning =
      contents.wasOpen
      ? "Others on this machine could read your key in \(path), until now." : nil
    return Loaded(identity: identity, warning: warning)
  }

  /// Replaces the key and keeps a copy of the old file beside the new one.
  /// - Returns: the path of the copy; nil if there was no file.
  func replace(with identity: Identity) throws(Failure) -> String? {
    try file.whileLocked { () throws(Failure) -> String? in
      let backup = try keepOld()
      try file.replace(Self.text(of: identity))
      return backup
    }
  }

  /// - Returns: false if the file exists; it is then left unchanged.
  func make(_ identity: Identity) throws(Failure) -> Bool { try file.create(Self.text(of: identity)) }

  private func keepOld() throws(Failure) -> String? {
    for number in 1...1000 {
      let backup = "\(path).old\(number)"
      switch hardLink(path, at: backup) {
      case .made: return backup
      case .missing: return nil
      case .taken: continue
      case .failed(let reason): throw Failure("\(path) cannot be kept as \(backup): \(reason)")
      }
    }
    throw Failure("there are too many old keys beside \(path)")
  }

  // MARK: Text

  static func text(of identity: Identity) -> String {
    """
    # The key by which servers know you. Whoever has it is you to them: show it to nobody.
    # Its public half: \(identity.publicKey)
    \(kind) \(Base64URL.encode(identity.secret))

    """
  }

  /// - Parameter file: the file's name, for errors.
  /// - Throws: `Failure` with the line that is neither a comment nor a key, or if there is no key or more than one.
  static func identity(in text: String, of file: String) throws(Failure) -> Identity {
    let lines: [Substring]
    do { lines = try EditedText(text.utf8).lines } catch {
      throw Failure("\(file), line \(error.line): \(error.reason)")
    }
    var found: Identity?
    for (index, line) in lines.enumerated() {
      let words = EditedText.words(of: line)
      if words.isEmpty { continue }
      guard words.count == 2, words[0] == kind,
        let identity = Base64URL.decode(words[1], bytes: Identity.bytes).flatMap({ Identity(secret: $0) })
      else {
        // The line itself is never printed: it may be a secret key.
        let cause = EditedText.invisible(in: line).map { ": there is the invisible character \($0) in it" } ?? ""
        throw Failure("\(file), line \(index + 1) is neither a comment nor a key that can be read\(cause)")
      }
      guard found == nil else { throw Failure("\(file), line \(index + 1): there is a second key") }
      found = identity
    }
    guard let found else { throw Failure("\(file) holds no key") }
    return found
  }
}
