import ChatProtocol

extension DisplayText {
  /// For error messages: the first of the received lines in quotation marks, shortened, and without control characters.
  static func quoted(_ bytes: some Collection<UInt8>) -> String {
    let line = bytes.prefix(100).prefix { $0 != UInt8(ascii: "\n") }
    return "'\(sanitize(String(decoding: line, as: UTF8.self)))'"
  }
}
