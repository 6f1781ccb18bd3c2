import ChatUI
import CommandSupport
import Platform

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// One of the files in which a user's clients store their conversations with one server, and the lock on the file. Each
/// running client has its own file. An unlocked file was left by a client that has exited.
///
/// The lock is held until the last reference is gone.
final class ConversationSlot: Sendable {
  struct Contents: Codable, Equatable, Sendable {
    var version = 1
    /// The resume token. Secret.
    var token: String?
    var memory = InterfaceMemory()
  }

  /// Slot numbers: the concurrent clients of one user with one server.
  static let numbers = 1...16
  private static let version = 1
  /// Twice the maximum that the interface stores, because quoting and escaping take space.
  static let maximumBytes = 16 << 20

  let number: Int
  private let file: PrivateFile
  private let lock: FileLock

  var path: String { file.path }

  /// - Parameter name: of the server's files, without an extension.
  /// - Returns: nil if another client has locked the slot.
  /// - Throws: `Failure` if the slot cannot be locked at all.
  static func acquire(_ number: Int, of name: String, in folder: String) throws(Failure) -> ConversationSlot? {
    let path = lockPath(number, of: name, in: folder)
    do throws(FileLock.Problem) {
      return ConversationSlot(number, of: name, in: folder, try FileLock(path))
    } catch {
      if case .unusable(let reason) = error { throw Failure("\(path) \(reason)") }
      return nil
    }
  }

  private init(_ number: Int, of name: String, in folder: String, _ lock: FileLock) {
    self.number = number
    self.lock = lock
    file = PrivateFile(path: Self.path(number, of: name, in: folder), maximumBytes: Self.maximumBytes)
  }

  // MARK: Names

  static func path(_ number: Int, of name: String, in folder: String) -> String {
    "\(folder)/\(name)\(suffix(number)).json"
  }

  private static func lockPath(_ number: Int, of name: String, in folder: String) -> String {
    "\(folder)/\(name)\(suffix(number)).lock"
  }

  private static func suffix(_ number: Int) -> String { number == 1 ? "" : ".\(number)" }

  // MARK: Reading

  /// Reads a file, even if it is locked: files are replaced atomically.
  /// - Returns: nil if the file does not exist.
  static func contents(at path: String) throws(Failure) -> Contents? {
    let file = PrivateFile(path: path, maximumBytes: maximumBytes)
    guard let text = try file.read()?.text else { return nil }
    do {
      let contents = try JSONDecoder().decode(Contents.self, from: Data(text.utf8))
      guard contents.version == version else { throw Failure("\(path) was written by another version of swiftchat") }
      return contents
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(path) is damaged")
    }
  }

  /// Modification time in seconds since 1970; nil if the file does not exist.
  static func time(of path: String) -> Double? {
    var status = stat()
    guard lstat(path, &status) == 0 else { return nil }
    #if canImport(Darwin)
      return Double(status.st_mtimespec.tv_sec) + Double(status.st_mtimespec.tv_nsec) / 1e9
    #else
      return Double(status.st_mtim.tv_sec) + Double(status.st_mtim.tv_nsec) / 1e9
    #endif
  }

  func contents() throws(Failure) -> Contents? { try Self.contents(at: path) }

  /// Renames an unreadable file, so that it is not overwritten.
  /// - Returns: the new name; nil if renaming failed.
  func setAside() -> String? {
    for number in 1...99 {
      let aside = path + (number == 1 ? ".bad" : ".bad\(number)")
      switch hardLink(path, at: aside) {
      case .made:
        unlink(path)
        return aside
      case .taken: continue
      case .missing: return nil
      case .failed:
        // Some file systems do not support hard links.
        guard access(aside, F_OK) != 0 else { continue }
        return rename(path, aside) == 0 ? aside : nil
      }
    }
    return nil
  }

  // MARK: Writing

  func write(_ contents: Contents) throws(Failure) {
    guard let data = try? JSONEncoder().encode(contents) else {
      throw Failure("\(path) cannot be written: no such text")
    }
    guard data.count <= Self.maximumBytes else {
      throw Failure("\(path) cannot be written: it would be larger than \(Self.maximumBytes) bytes")
    }
    try file.replace(String(decoding: data, as: UTF8.self))
  }

  func remove() { unlink(path) }
}
