import Foundation
import Testing

/// A system program that the tests need, such as tmux.
enum Tool {
  /// The path of the program. Its absence fails the test at the caller's source location, because a skipped test would
  /// look like a passing one.
  static func path(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let folders = ProcessInfo.processInfo.environment["PATH", default: "/usr/bin:/bin"].split(separator: ":")
    let path = folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile(atPath:))
    return try #require(path, "\(name) is missing: run Resources/bootstrap.sh", sourceLocation: sourceLocation)
  }
}
