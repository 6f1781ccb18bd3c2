/// Bytes for failure messages: as text where possible, with invisible characters escaped.
struct Excerpt: CustomStringConvertible {
  let bytes: [UInt8]

  init(_ bytes: some Sequence<UInt8>) {
    self.bytes = Array(bytes)
  }

  var description: String {
    guard !bytes.isEmpty else { return "(nothing)" }
    let shown = bytes.suffix(8192)
    let text = shown.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { line in
      String(decoding: line, as: UTF8.self).unicodeScalars.map { scalar in
        scalar.value < 0x20 || scalar.value == 0x7F || scalar == "\u{FFFD}"
          ? scalar.escaped(asASCII: true) : String(scalar)
      }.joined()
    }.joined(separator: "\n")
    return shown.count == bytes.count ? text : "… the last \(shown.count) of \(bytes.count) bytes:\n\(text)"
  }
}
