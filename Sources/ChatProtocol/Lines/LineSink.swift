import NIOCore

/// The destination of an encoded line: the buffer that will be sent.
protocol LineSink {
  mutating func append(_ byte: UInt8)
  mutating func append(_ text: String)
}

extension ByteBuffer: LineSink {
  mutating func append(_ byte: UInt8) { writeInteger(byte) }
  mutating func append(_ text: String) { writeString(text) }
}

extension LineSink {
  /// A space, then the parameter.
  mutating func append(parameter: String) {
    append(UInt8(ascii: " "))
    append(parameter)
  }

  /// A space, then the text.
  mutating func append(freeText text: String) {
    append(UInt8(ascii: " "))
    append(cleaned: text)
  }

  /// Appends the text with control characters replaced by U+FFFD: an encoder must never write two lines or act on a
  /// terminal, whatever its input.
  mutating func append(cleaned text: String) { append(text.replacingControlCharacters()) }
}

extension String {
  /// Replaces each control character other than a tab by U+FFFD.
  func replacingControlCharacters() -> String {
    guard hasControlCharacters else { return self }
    return String(String.UnicodeScalarView(unicodeScalars.map { $0.isForbiddenControl ? "\u{fffd}" : $0 }))
  }
}

extension Unicode.Scalar {
  /// C0 except the tab, DEL, and C1.
  fileprivate var isForbiddenControl: Bool {
    (value < 0x20 && value != 0x09) || (0x7f...0x9f).contains(value)
  }
}
