import ChatProtocol
import Logging

/// One JSON object a line on standard error, its metadata as keys beside `time`, `level` and `message`.
struct JSONLogHandler: LogHandler {
  let label: String
  var logLevel: Logger.Level = .info
  var metadata: Logger.Metadata = [:]

  init(label: String) { self.label = label }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    var line = "{\"time\":\"\(Timestamp.now())\",\"level\":\"\(event.level)\",\"logger\":"
    line.append(quoted: label)
    line += ",\"message\":"
    line.append(quoted: "\(event.message)")
    let all = metadata.merging(event.metadata ?? [:]) { _, new in new }
    for (key, value) in all.sorted(by: { $0.key < $1.key }) {
      line += ","
      line.append(quoted: key)
      line += ":"
      line.append(quoted: "\(value)")
    }
    writeToStandardError(line + "}\n")
  }
}

extension String {
  /// RFC 8259, section 7.
  fileprivate mutating func append(quoted text: String) {
    append("\"")
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": append("\\\"")
      case "\\": append("\\\\")
      case "\n": append("\\n")
      case "\r": append("\\r")
      case "\t": append("\\t")
      case "\u{0}"..."\u{1f}", "\u{7f}"..."\u{9f}", "\u{2028}", "\u{2029}":
        let hex = String(scalar.value, radix: 16)
        append("\\u" + String(repeating: "0", count: 4 - hex.count) + hex)
      default: unicodeScalars.append(scalar)
      }
    }
    append("\"")
  }
}
