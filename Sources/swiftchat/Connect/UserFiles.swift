import ChatModel
import ChatProtocol
import ChatUI
import CommandSupport
import Platform

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The client's persistent state in `$XDG_STATE_HOME/swiftchat` (`~/.local/state/swiftchat`). It is optional: if it
/// cannot be read or written, the client remembers nothing.
struct UserFiles: Sendable {
  /// Nil if there is no home directory.
  private let folder: String?

  init(folder: String? = StateFolder.path) { self.folder = folder }

  // MARK: The name

  /// - Returns: nil if no name is stored.
  /// - Throws: `Failure` if the file is invalid; the user would otherwise chat under a different name.
  func rememberedName() throws(Failure) -> Nickname? {
    guard let path = path("name") else { return nil }
    let lines: [Substring]
    do { lines = try TextFile.read(path, maximumBytes: 1024).lines } catch {
      if error.isMissing { return nil }
      throw Failure("cannot read your name from \(path): \(error.reason); correct it, or remove the file")
    }
    // Not `EditedText.words`: a name may begin with `#`, which begins a comment in other files.
    let words = lines.enumerated().flatMap { index, line in
      line.split { $0 == " " || $0 == "\t" }.map { (index + 1, $0) }
    }
    guard let (line, word) = words.first else { return nil }
    guard words.count == 1, let name = Nickname(word) else {
      let cause = EditedText.invisible(in: word).map { "there is the invisible character \($0) in it" }
      let reason = cause ?? ErrorCode.invalidUsername.explanation
      throw Failure("\(path), line \(line) is no name: \(reason); correct it, or remove the file")
    }
    return name
  }

  /// - Throws: `Failure` if it cannot be stored.
  func remember(name: Nickname) throws(Failure) { try write(name.text + "\n", to: "name") }

  // MARK: The screen

  /// The stored view settings. The file has two words, `sidebar` and `presence`, each with `on` or `off`.
  var rememberedView: ViewSettings {
    var view = ViewSettings()
    guard let path = path("view"), let text = try? PrivateFile(path: path, maximumBytes: 1024).read()?.text else {
      return view
    }
    for line in text.split(whereSeparator: \.isNewline) {
      switch line.split(separator: " ") {
      case ["sidebar", "off"]: view.showsSidebar = false
      case ["presence", "off"]: view.hidesPresence = true
      default: break
      }
    }
    return view
  }

  /// - Throws: `Failure` if it cannot be stored.
  func remember(view: ViewSettings) throws(Failure) {
    let sidebar = view.showsSidebar ? "on" : "off"
    let presence = view.hidesPresence ? "off" : "on"
    try write("sidebar \(sidebar)\npresence \(presence)\n", to: "view")
  }

  private func write(_ text: String, to name: String) throws(Failure) {
    guard let folder else { throw Self.noHomeDirectory }
    try make(folder)
    try PrivateFile(path: "\(folder)/\(name)", maximumBytes: 1024).replace(text)
  }

  private static let noHomeDirectory = Failure("there is no home directory for your files: set HOME or XDG_STATE_HOME")

  // MARK: Key and known hosts

  /// Nil if nothing can be stored.
  var identity: IdentityFile? { keptFolder.map { IdentityFile(folder: $0) } }

  /// Nil if nothing can be stored.
  var knownHosts: KnownHosts? { keptFolder.map { KnownHosts(folder: $0) } }

  private var keptFolder: String? { makeFolder() ? folder : nil }

  // MARK: Conversations

  /// The folder of all conversations; nil if there is no home directory.
  var conversationFolder: String? { path("conversations") }

  /// The stored conversations with a server.
  /// - Throws: `Failure` if nothing can be stored.
  func conversations(with endpoint: Endpoint) throws(Failure) -> ConversationFile {
    guard let folder = conversationFolder else { throw Self.noHomeDirectory }
    try make(folder)
    return ConversationFile(folder: folder, endpoint: endpoint)
  }

  // MARK: Tokens of scripts

  /// The folder of the tokens that scripts got from a server; nil if there is no home directory.
  func tokenFolder(of endpoint: Endpoint) -> String? { path("tokens/\(ConversationFile.fileName(endpoint))") }

  // MARK: The log

  private static let maximumLogBytes = 1 << 20

  /// Opens the file for output that would otherwise overwrite the screen; truncates a large file.
  /// - Returns: an open descriptor, which the caller must close.
  func openLog() -> Int32? {
    guard let path = path("client.log"), makeFolder() else { return nil }
    var status = stat()
    let isLarge = stat(path, &status) == 0 && Int(status.st_size) > Self.maximumLogBytes
    let descriptor = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | (isLarge ? O_TRUNC : 0), 0o600)
    return descriptor >= 0 ? descriptor : nil
  }

  private func path(_ name: String) -> String? { folder.map { "\($0)/\(name)" } }

  private func makeFolder() -> Bool {
    guard let folder else { return false }
    return (try? make(folder)) != nil
  }

  /// - Throws: `Failure` if the folder does not exist and cannot be created.
  func make(_ folder: String) throws(Failure) {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
    } catch {
      // Foundation names neither the missing folder nor the reason: create the folders one by one to find the first
      // that fails.
      var path = ""
      for part in folder.split(separator: "/") {
        path += "/\(part)"
        guard mkdir(path, 0o700) != 0, errno != EEXIST else { continue }
        throw Failure("\(path) cannot be made: \(String(cString: strerror(errno)))")
      }
      throw Failure("\(folder) cannot be created: something else has this name")
    }
  }
}
