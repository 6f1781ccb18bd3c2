import ChatProtocol

/// What a PEM file holds, whatever an editor or a copy by mail made of it.
struct PEMText {
  /// Without a byte order mark, and with LF at the end of each line: as BoringSSL reads it.
  let bytes: [UInt8]
  /// How many blocks of each kind there are, as in `-----END CERTIFICATE-----`.
  private(set) var blocks: [Substring: Int] = [:]

  /// Why it is none: a part of a sentence behind the path.
  struct Flaw: Error {
    let reason: String
  }

  private static let dashes = "-----"
  private static let begin = "-----BEGIN "
  private static let end = "-----END "

  init(_ contents: [UInt8]) throws(Flaw) {
    let text: EditedText
    do {
      text = try EditedText(contents)
    } catch {
      // DER begins with a SEQUENCE.
      let isBinary = contents.first == 0x30
      throw Flaw(
        reason: isBinary
          ? "it is DER, not PEM: convert it with `openssl x509 -inform der` or `openssl pkey -inform der`"
          : "line \(error.line): \(error.reason)")
    }
    var lines: [String] = []
    for (index, line) in text.lines.enumerated() {
      guard line.contains(Self.dashes) else {
        lines.append(String(line))
        continue
      }
      let words = line.split { $0 == " " || $0 == "\t" }.joined(separator: " ")
      guard words.hasPrefix(Self.begin) || words.hasPrefix(Self.end), words.hasSuffix(Self.dashes) else {
        // BoringSSL would pass over it, and with it over what it begins.
        let cause = EditedText.invisible(in: line).map { "there is the invisible character \($0) in it" }
        throw Flaw(reason: "line \(index + 1): \(cause ?? "it neither begins nor ends a block of PEM")")
      }
      if words.hasPrefix(Self.end) {
        blocks[words.dropFirst(Self.end.count).dropLast(Self.dashes.count), default: 0] += 1
      }
      lines.append(words)
    }
    bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// How many certificates it should have.
  var certificates: Int {
    ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].reduce(0) { $0 + (blocks[$1] ?? 0) }
  }

  var holdsKey: Bool { blocks.keys.contains { $0.hasSuffix("PRIVATE KEY") } }
}
