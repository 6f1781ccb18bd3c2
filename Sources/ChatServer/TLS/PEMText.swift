import ChatProtocol

/// The content of a PEM file, normalized after editors and mail programs.
struct PEMText {
  /// Without a byte order mark, with LF line ends: the form that BoringSSL reads.
  let bytes: [UInt8]
  /// The number of blocks of each kind, as in `-----END CERTIFICATE-----`.
  private(set) var blocks: [Substring: Int] = [:]

  /// Why the file is not valid PEM: a clause that follows the path in an error message.
  struct PEMFlaw: Error {
    let reason: String
  }

  private static let dashes = "-----"
  private static let begin = "-----BEGIN "
  private static let end = "-----END "

  init(_ contents: [UInt8]) throws(PEMFlaw) {
    let text: EditedText
    do {
      text = try EditedText(contents)
    } catch {
      // DER begins with a SEQUENCE.
      let isBinary = contents.first == 0x30
      throw PEMFlaw(
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
        // BoringSSL would ignore this line, and so the block that it begins.
        let cause = EditedText.invisible(in: line).map { "there is the invisible character \($0) in it" }
        throw PEMFlaw(reason: "line \(index + 1): \(cause ?? "it neither begins nor ends a block of PEM")")
      }
      if words.hasPrefix(Self.end) {
        blocks[words.dropFirst(Self.end.count).dropLast(Self.dashes.count), default: 0] += 1
      }
      lines.append(words)
    }
    bytes = Array((lines.joined(separator: "\n") + "\n").utf8)
  }

  /// The number of certificates that the file should contain.
  var certificates: Int {
    ["CERTIFICATE", "X509 CERTIFICATE", "TRUSTED CERTIFICATE"].reduce(0) { $0 + (blocks[$1] ?? 0) }
  }

  var holdsKey: Bool { blocks.keys.contains { $0.hasSuffix("PRIVATE KEY") } }
}
