import ChatProtocol
import CommandSupport
import Logging

/// Writes one line per event to a file descriptor, as text or as a JSON object.
struct LineLogHandler: LogHandler {
  let format: LogFormat
  /// Must stay open while any logger uses it.
  let descriptor: Int32
  /// The common level of all loggers that share it.
  let level: LogLevel
  /// This logger's own level; nil to use the common one.
  private var ownLevel: Logger.Level?
  var metadata: Logger.Metadata = [:]

  init(format: LogFormat, level: LogLevel, descriptor: Int32) {
    self.format = format
    self.level = level
    self.descriptor = descriptor
  }

  var logLevel: Logger.Level {
    get { ownLevel ?? level.current }
    set { ownLevel = newValue }
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let merged = metadata.merging(event.metadata ?? [:]) { _, new in new }
    let sorted = merged.sorted { $0.key < $1.key }.map { (key: $0.key, value: "\($0.value)") }
    let time = Timestamp.now()
    let line =
      switch format {
      case .text: Self.text(time, event.level, "\(event.message)", sorted)
      case .json: Self.json(time, event.level, "\(event.message)", sorted)
      }
    write(line + "\n", to: descriptor)
  }

  /// `2026-11-22T10:00:00.123Z info logged in session.name=neha`, values with spaces in quotes.
  private static func text(
    _ time: Timestamp, _ level: Logger.Level, _ message: String, _ metadata: [(key: String, value: String)]
  ) -> String {
    var line = "\(time) \(level) \(message)"
    for (key, value) in metadata {
      line += " \(key)="
      if value.contains(where: { $0 == " " || $0 == "\"" }) || value.isEmpty || value.hasSpecials {
        line.append(quoted: value)
      } else {
        line += value
      }
    }
    return line
  }

  private static func json(
    _ time: Timestamp, _ level: Logger.Level, _ message: String, _ metadata: [(key: String, value: String)]
  ) -> String {
    var line = "{\"time\":\"\(time)\",\"level\":\"\(level)\",\"message\":"
    line.append(quoted: message)
    for (key, value) in metadata {
      line += ","
      line.append(quoted: key)
      line += ":"
      line.append(quoted: value)
    }
    return line + "}"
  }
}

extension String {
  /// Whether the text has characters that could end a line or act on the terminal of a reader.
  fileprivate var hasSpecials: Bool { unicodeScalars.contains(where: Self.isSpecial) }

  private static func isSpecial(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// Appends a JSON string (RFC 8259, section 7) with special characters escaped, too.
  fileprivate mutating func append(quoted text: String) {
    append("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case _ where Self.isSpecial(scalar):
        for unit in UTF16.encode(scalar) ?? .init() {
          let hex = String(unit, radix: 16)
          append("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
        }
      default: unicodeScalars.append(scalar)
      }
    }
    append("\"")
  }
}
