import ChatLog
import TestSupport

extension TemporaryFolder {
  /// What `verify` says of the log in it.
  func findings() throws -> [String] {
    var findings: [String] = []
    _ = try LogArchive(directory: path).verify { findings.append($0) }
    return findings
  }
}
