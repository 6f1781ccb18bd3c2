import Foundation

/// A folder for one test, removed with its contents.
public final class TemporaryFolder: Sendable {
  public let path: String

  public init() throws {
    path = FileManager.default.temporaryDirectory.path + "/swiftchat-\(UInt64.random(in: .min ... .max))"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  public func file(_ name: String) -> String { "\(path)/\(name)" }

  public var files: [String] { get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() } }

  public func read(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: URL(filePath: file(name)))) }

  public func write(_ name: String, _ bytes: some Sequence<UInt8>) throws {
    try Data(bytes).write(to: URL(filePath: file(name)))
  }

  public func makeFolder(_ name: String) throws {
    try FileManager.default.createDirectory(atPath: file(name), withIntermediateDirectories: false)
  }

  public func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: file(name)) }

  /// Copies the files whose names begin with the prefix.
  public func copy(_ prefix: String, to other: TemporaryFolder) throws {
    for name in try files where name.hasPrefix(prefix) {
      try FileManager.default.copyItem(atPath: file(name), toPath: other.file(name))
    }
  }

  /// The permissions of a file, or of the folder.
  public func mode(_ name: String = ".") throws -> Int {
    let attributes = try FileManager.default.attributesOfItem(atPath: file(name))
    return attributes[.posixPermissions] as? Int ?? -1
  }
}
