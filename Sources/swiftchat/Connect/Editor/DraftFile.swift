import CommandSupport
import Foundation
import Platform

/// The file in which an editor composes a message. Only its owner can read it. It is in a private folder of its own,
/// where the editor's backup files go too.
struct DraftFile {
  let folder: String
  /// The text at the beginning, as `text()` returns it.
  private let original: String

  var path: String { "\(folder)/message.txt" }
  private var file: PrivateFile { PrivateFile(path: path, maximumBytes: 1 << 20) }

  /// - Parameter parents: the folders to create it in; the first one that takes it.
  /// - Throws: `Failure` if none does.
  init(_ text: String, in parents: [String] = Self.parents) throws(Failure) {
    var problem = Failure("there is no folder for temporary files")
    for parent in parents {
      do throws(Failure) {
        self = try DraftFile(text, inNewFolderOf: parent)
        return
      } catch {
        problem = error
      }
    }
    throw problem
  }

  private init(_ text: String, inNewFolderOf parent: String) throws(Failure) {
    var template = Array("\(parent)/swiftchat-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw Failure("no draft can be created in \(parent): \(String(cString: strerror(errno)))")
    }
    folder = String(decoding: template.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    original = text
    do throws(Failure) {
      _ = try file.create(text.isEmpty || text.hasSuffix("\n") ? text : text + "\n")
    } catch {
      remove()
      throw error
    }
  }

  private static var parents: [String] {
    [environmentValue("XDG_RUNTIME_DIR"), environmentValue("TMPDIR"), "/tmp"].compactMap { path in
      path.flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
  }

  /// The present content. Nil if the file does not exist.
  func text() throws(Failure) -> String? { try file.read()?.text }

  /// Whether this is the text at the beginning, apart from the line feed that editors append.
  func isUnchanged(_ text: String) -> Bool { Self.withoutLineFeeds(text) == Self.withoutLineFeeds(original) }

  private static func withoutLineFeeds(_ text: String) -> Substring {
    var text = text[...]
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }

  /// Whether the editor left other files in the folder, such as a recovery file.
  var hasOtherFiles: Bool {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.contains { "\(folder)/\($0)" != path }
  }

  /// Removes the file and its folder.
  func remove() { try? FileManager.default.removeItem(atPath: folder) }
}
