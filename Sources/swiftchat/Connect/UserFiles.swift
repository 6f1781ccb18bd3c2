import ChatClient
import ChatProtocol

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif
#if canImport(Darwin)
  import Darwin
#elseif canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// What the client keeps between two runs, in `$XDG_STATE_HOME/swiftchat` (`~/.local/state/swiftchat`). A chat works
/// without it: where it cannot be read or written, nothing is remembered.
struct UserFiles: Sendable {
  /// Nil where there is no home.
  private let folder: String?

  init(folder: String? = StateFolder.path) { self.folder = folder }

  // MARK: The name

  /// - Returns: nil where there is none.
  /// - Throws: what is wrong with the file: the person would chat under another name than the one in it.
  func rememberedName() throws(Failure) -> Nickname? {
    guard let path = path("name") else { return nil }
    let lines: [Substring]
    do { lines = try TextFile.read(path, maximumBytes: 1024).lines } catch {
      if error.isMissing { return nil }
      throw Failure("cannot read your name from \(path): \(error.reason); correct it, or remove the file")
    }
    // Not `EditedText.words`: a name may begin with what begins a comment elsewhere.
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

  func remember(name: Nickname) {
    guard let path = path("name"), makeFolder() else { return }
    try? Data((name.text + "\n").utf8).write(to: URL(filePath: path), options: .atomic)
  }

  // MARK: Who we are, and whom we know

  /// Nil where nothing can be kept.
  var identity: IdentityFile? { keptFolder.map { IdentityFile(folder: $0) } }

  /// Nil where nothing can be kept.
  var knownHosts: KnownHosts? { keptFolder.map { KnownHosts(folder: $0) } }

  private var keptFolder: String? { makeFolder() ? folder : nil }

  // MARK: Conversations

  /// What was kept of the conversations with a server; nil where nothing can be kept.
  func conversations(with endpoint: Endpoint) -> ConversationFile? {
    guard let folder = path("conversations"), make(folder) else { return nil }
    return ConversationFile(folder: folder, endpoint: endpoint)
  }

  // MARK: The log

  private static let maximumLogBytes = 1 << 20

  /// Opens the file for what would otherwise be printed over the screen; begun anew when it has grown large.
  /// - Returns: an open descriptor, the caller's to close.
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
    return make(folder)
  }

  private func make(_ folder: String) -> Bool {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
      return true
    } catch {
      return false
    }
  }
}
