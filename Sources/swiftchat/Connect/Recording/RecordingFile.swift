import ChatUI
import CommandSupport
import Platform

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A recording as a file: the start and each step is a line of JSON.
enum RecordingFile {
  /// The limit of a file. A recording ends there.
  static let maximumBytes = 64 << 20

  struct Contents {
    var start: Recording.Start
    var steps: [Recording.Step]
  }

  /// A single line, without its end.
  static func line(_ value: some Encodable) throws -> [UInt8] {
    Array(try value.jsonLine.utf8)
  }

  /// - Throws: `Failure` if the file cannot be read, or is no recording of this version.
  static func read(_ path: String) throws(Failure) -> Contents {
    let bytes = try bytes(of: path)
    var lines = bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    // A line without its end was not written to the end.
    if !lines.isEmpty { lines.removeLast() }
    guard let first = lines.first, let version = try? decode(Version.self, first) else {
      throw Failure("\(path) is no recording of swiftchat")
    }
    guard version.swiftchatRecording == Recording.version else {
      throw Failure(
        "\(path) is a recording of version \(version.swiftchatRecording), and this program reads version \(Recording.version)"
      )
    }
    do {
      guard NumberCheck.isPassed(by: first) else { throw Failure("\(path), line 1 is damaged: it has wrong numbers") }
      let start = try decodeStart(first)
      var steps: [Recording.Step] = []
      for (index, line) in lines.enumerated().dropFirst() {
        guard NumberCheck.isPassed(by: line), let step = try? decode(Recording.Step.self, line) else {
          throw Failure("\(path), line \(index + 1) is damaged: it is no step of a recording")
        }
        steps.append(step)
      }
      return Contents(start: start, steps: steps)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure("\(path), line 1 is damaged: it is no start of a recording")
    }
  }

  private struct Version: Decodable { var swiftchatRecording: Int }

  private static func decode<Value: Decodable>(_ type: Value.Type, _ line: ArraySlice<UInt8>) throws -> Value {
    try JSONDecoder().decode(type, from: Data(line))
  }

  /// Settings that did not exist at the time of the recording have their defaults.
  private static func decodeStart(_ line: ArraySlice<UInt8>) throws -> Recording.Start {
    let defaults = JSONValue.object([
      "preferences": try decode(JSONValue.self, Self.line(Preferences())[...]),
      "view": try decode(JSONValue.self, Self.line(ViewSettings())[...]),
    ])
    let start = defaults.overlaid(with: try decode(JSONValue.self, line))
    return try decode(Recording.Start.self, Self.line(start)[...])
  }

  private static func bytes(of path: String) throws(Failure) -> [UInt8] {
    // Opening anything but a regular file may block.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw Failure("cannot read \(path): \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    do {
      return try readAll(from: descriptor, maximumBytes: maximumBytes)
    } catch {
      switch error {
      case .tooLarge: throw Failure("\(path) has more than \(maximumBytes >> 20) MiB: it is no recording of swiftchat")
      case .system(let number): throw Failure("cannot read \(path): \(String(cString: strerror(number)))")
      }
    }
  }
}
