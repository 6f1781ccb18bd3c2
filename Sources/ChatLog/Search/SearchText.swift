import ChatProtocol
import Foundation

/// A text as searches see it: its words, each between two spaces, so that a phrase is in a text where its bytes are.
///
/// - Letters and digits in a row are a word, without regard to case, to marks on letters, and to the width or style that
///   they were written in.
/// - Where a script puts no spaces between words (Chinese, Japanese, Korean, Thai and their neighbours), each letter is a
///   word, so that any part of a text is found.
/// - So is each symbol that is not ASCII's, an emoji among them; its skin tone does not count.
/// - Everything else divides words.
struct SearchText: Hashable, Sendable {
  /// Empty where there are no words; otherwise a space first and last. No other ASCII than small letters, digits and
  /// single spaces.
  private(set) var bytes: [UInt8] = []

  init(_ text: String) {
    bytes.reserveCapacity(text.utf8.count + 2)
    if !appendASCII(text) {
      bytes.removeAll(keepingCapacity: true)
      append(text.decomposedStringWithCompatibilityMapping.foldingCase())
    }
    if !bytes.isEmpty { bytes.append(Self.space) }
  }

  private static let space = UInt8(ascii: " ")

  var hasWords: Bool { !bytes.isEmpty }

  /// Whether all of the phrase's words stand in this text one after the other. A phrase of no words is nowhere.
  func contains(_ phrase: SearchText) -> Bool {
    guard phrase.hasWords, phrase.bytes.count <= bytes.count else { return false }
    return bytes.withUnsafeBytes { text in
      phrase.bytes.withUnsafeBytes { phrase in
        guard let text = text.baseAddress, let sought = phrase.baseAddress else { return false }
        // A phrase begins with a space, and texts have few of them.
        return (0...(bytes.count - phrase.count)).contains { start in
          bytes[start] == Self.space && memcmp(text + start, sought, phrase.count) == 0
        }
      }
    }
  }

  // MARK: Reading the text

  /// - Returns: false where the text is not all ASCII.
  private mutating func appendASCII(_ text: String) -> Bool {
    var isInWord = false
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"):
        if !isInWord { bytes.append(Self.space) }
        bytes.append(byte)
        isInWord = true
      case UInt8(ascii: "A")...UInt8(ascii: "Z"):
        if !isInWord { bytes.append(Self.space) }
        bytes.append(byte | 0x20)
        isInWord = true
      case 0x80...: return false
      default: isInWord = false
      }
    }
    return true
  }

  private enum Position {
    case between
    /// Letters go on.
    case inWord
    /// Only marks belong to what stands here.
    case behindSingle
  }

  private mutating func append(_ folded: String) {
    var position = Position.between
    for scalar in folded.unicodeScalars {
      switch scalar.searchRole {
      case .letter:
        if position != .inWord { bytes.append(Self.space) }
        append(scalar)
        position = .inWord
      case .single:
        bytes.append(Self.space)
        append(scalar)
        position = .behindSingle
      case .mark: if position != .between { append(scalar) }
      case .nothing: break
      case .divider: position = .between
      }
    }
  }

  private mutating func append(_ scalar: Unicode.Scalar) {
    bytes.append(contentsOf: UTF8.encode(scalar) ?? Unicode.UTF8.encodedReplacementCharacter)
  }
}

private enum SearchRole {
  case letter
  /// A word by itself.
  case single
  /// Belongs to what stands before it.
  case mark
  /// As if it were not there.
  case nothing
  case divider
}

extension Unicode.Scalar {
  fileprivate var searchRole: SearchRole {
    if isASCII { return properties.isAlphabetic || properties.numericType != nil ? .letter : .divider }
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
      .letterNumber, .otherNumber:
      if isHangulContinuation { return .mark }
      return isWrittenWithoutSpaces ? .single : .letter
    case .nonspacingMark, .spacingMark, .enclosingMark: return isIgnoredMark ? .nothing : .mark
    case .format: return .nothing
    case .modifierSymbol where properties.isEmojiModifier: return .nothing
    case .mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol, .privateUse, .unassigned: return .single
    default: return .divider
    }
  }

  /// Combining marks for letters of any alphabet, as accents are, and variation selectors; not the vowels of the Indic
  /// scripts, which make another word.
  private var isIgnoredMark: Bool {
    switch value {
    case 0x0300...0x036f, 0x1ab0...0x1aff, 0x1dc0...0x1dff, 0x20d0...0x20ff, 0xfe00...0xfe0f, 0xfe20...0xfe2f,
      0xe0100...0xe01ef:
      true
    default: false
    }
  }

  /// The vowels and last consonants that a syllable decomposes into.
  private var isHangulContinuation: Bool { (0x1160...0x11ff).contains(value) || (0xd7b0...0xd7ff).contains(value) }

  private var isWrittenWithoutSpaces: Bool {
    switch value {
    case 0x0e00...0x0eff: true  // Thai, Lao
    case 0x1000...0x109f: true  // Burmese
    case 0x1100...0x115f, 0xa960...0xa97f: true  // a syllable's first consonant
    case 0x1780...0x17ff: true  // Khmer
    case 0x3040...0x30ff, 0x31f0...0x31ff: true  // Kana
    default: properties.isIdeographic
    }
  }
}
