#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The files of a log.
struct LogFolder {
  private let path: String

  init(_ path: String) { self.path = path }

  /// Total size of all files.
  var bytes: Int {
    get throws {
      let files = FileManager.default
      return try files.contentsOfDirectory(atPath: path).reduce(0) { sum, name in
        sum + ((try files.attributesOfItem(atPath: "\(path)/\(name)")[.size] as? Int) ?? 0)
      }
    }
  }
}
