/// Splits a folded text into words, one character at a time.
struct WordScanner {
  private enum ScanPosition {
    case between
    /// Letters continue the word.
    case inWord
    /// The next letter continues the word, whatever its role.
    case behindLeading
    /// Only marks continue the word.
    case behindSingle
  }

  private var position = ScanPosition.between

  mutating func scan(_ scalar: Unicode.Scalar, into bytes: inout [UInt8]) {
    scan(scalar, scalar.wordRole, into: &bytes)
  }

  mutating func scan(_ scalar: Unicode.Scalar, _ role: WordRole, into bytes: inout [UInt8]) {
    switch role {
    case .letter:
      if position != .inWord, position != .behindLeading { bytes.append(SearchText.space) }
      append(scalar, to: &bytes)
      position = .inWord
    case .single:
      if position != .behindLeading { bytes.append(SearchText.space) }
      append(scalar, to: &bytes)
      position = .behindSingle
    case .leading:
      if position != .behindLeading { bytes.append(SearchText.space) }
      append(scalar, to: &bytes)
      position = .behindLeading
    case .mark: if position != .between { append(scalar, to: &bytes) }
    case .accent, .nothing: break
    case .connector, .divider: position = .between
    }
  }

  private func append(_ scalar: Unicode.Scalar, to bytes: inout [UInt8]) {
    bytes.append(contentsOf: UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter)
  }
}
