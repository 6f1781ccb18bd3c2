/// A value as read from a source.
enum ConfigurationValue: Sendable, Equatable {
  /// From the environment, where all values are text.
  case text(String)
  case string(String)
  case integer(Int)
  case real(Double)
  case boolean(Bool)
  case list([ConfigurationValue])
}

extension ConfigurationValue: CustomStringConvertible {
  /// The value as written in the source.
  var description: String {
    switch self {
    case .text(let text): "'\(Self.printable(text))'"
    case .string(let text): "\"\(Self.printable(text))\""
    case .integer(let number): "\(number)"
    case .real(let number): "\(number)"
    case .boolean(let value): "\(value)"
    case .list(let values):
      "[\(values.prefix(3).map(\.description).joined(separator: ", "))\(values.count > 3 ? ", …" : "")]"
    }
  }

  /// Shortened, and without control characters.
  private static func printable(_ text: String) -> String {
    let safe = String(
      String.UnicodeScalarView(text.unicodeScalars.map { $0.isVisible ? $0 : "?" }))
    return safe.count > 60 ? "\(safe.prefix(60))…" : safe
  }
}

extension Unicode.Scalar {
  /// Whether the character is safe to display and seen by the reader.
  var isVisible: Bool {
    switch properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse, .surrogate: false
    default: true
    }
  }
}
