import Foundation

/// A new folder, which goes with this.
final class TemporaryFolder: Sendable {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("swiftchat-log-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { "\(path)/\(name)" }

  /// Of the files in it whose names begin so.
  func copy(_ prefix: String, to other: TemporaryFolder) throws {
    for name in try FileManager.default.contentsOfDirectory(atPath: path) where name.hasPrefix(prefix) {
      try FileManager.default.copyItem(atPath: file(name), toPath: other.file(name))
    }
  }
}
