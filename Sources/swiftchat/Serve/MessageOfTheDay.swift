#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

enum MessageOfTheDay {
  /// More is a manual, not a greeting.
  private static let maximumLines = 200
  private static let maximumLineBytes = 1024

  /// - Throws: `Failure` when the file cannot be read, or is no text of reasonable size.
  static func read(path: String) throws -> [String] {
    let data: Data
    do {
      data = try Data(contentsOf: URL(filePath: path))
    } catch {
      throw Failure("cannot read the message of the day from \(path): \(reason(error))")
    }
    guard let text = String(validating: data, as: UTF8.self) else {
      throw Failure("cannot use \(path) as message of the day: it is not UTF-8 text")
    }
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.count <= maximumLines, lines.allSatisfy({ $0.utf8.count <= maximumLineBytes }) else {
      throw Failure(
        "cannot use \(path) as message of the day: it may have \(maximumLines) lines of \(maximumLineBytes) bytes")
    }
    return lines
  }

  private static func reason(_ error: any Error) -> String {
    switch (error as? CocoaError)?.code {
    case .fileReadNoSuchFile: "there is no such file"
    case .fileReadNoPermission: "no permission"
    default: "\(error)"
    }
  }
}
