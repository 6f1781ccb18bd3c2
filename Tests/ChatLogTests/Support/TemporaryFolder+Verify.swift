import ChatLog
import TestSupport

extension TemporaryFolder {
  /// The findings of `verify` for the log in this folder.
  func findings() throws -> [String] {
    var findings: [String] = []
    _ = try LogArchive(directory: path).verify { findings.append($0) }
    return findings
  }
}
