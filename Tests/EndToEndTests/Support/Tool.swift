import Foundation
import Testing

/// A program of the system that the tests need, such as tmux.
enum Tool {
  /// Where the program is. Its absence fails the test at the caller's place: a skipped test would look like one
  /// that passed.
  static func path(_ name: String, sourceLocation: SourceLocation = #_sourceLocation) throws -> String {
    let folders = ProcessInfo.processInfo.environment["PATH", default: "/usr/bin:/bin"].split(separator: ":")
    let path = folders.map { "\($0)/\(name)" }.first(where: FileManager.default.isExecutableFile(atPath:))
    return try #require(path, "\(name) is missing: run Resources/bootstrap.sh", sourceLocation: sourceLocation)
  }
}
