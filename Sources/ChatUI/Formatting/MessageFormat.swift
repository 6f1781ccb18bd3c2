import ChatProtocol

/// The format of a message's text: `*bold*`, `_italic_`, `~struck~`, `` `code` ``, `> quotes`, and links.
///
/// The signs stay in the text, so that a copy of the screen equals the sent text except for the numbers of links. The
/// format is thus visible without colours. A sign opens only at the beginning of a word and closes only at the end of
/// one; `snake_case`, `2*3*4`, paths and links have no format. In scripts without spaces `*` is enough: `这是*重要*的`.
struct MessageFormat: Hashable {
  /// The format of a scalar; several can apply.
  struct Kind: OptionSet, Hashable {
    let rawValue: UInt8

    static let bold = Kind(rawValue: 1 << 0)
    static let italic = Kind(rawValue: 1 << 1)
    static let struck = Kind(rawValue: 1 << 2)
    static let code = Kind(rawValue: 1 << 3)
    static let link = Kind(rawValue: 1 << 4)
    /// A sign that opens or closes one of the above.
    static let sign = Kind(rawValue: 1 << 5)
    /// A line that begins with `>`.
    static let quote = Kind(rawValue: 1 << 6)
  }

  /// The kind of each scalar of the text; empty if the text has no format.
  private(set) var kinds: [Kind] = []
  /// The links, as ranges of scalars, in order and without overlap.
  private(set) var links: [Range<Int>] = []

  var isPlain: Bool { kinds.isEmpty }

  init(_ text: String) {
    let mayHaveFormat = text.utf8.contains(where: Self.isSign) || LinkFinder.mayHoldLinks(text)
    self.init(scalars: mayHaveFormat ? Array(text.unicodeScalars) : [])
  }

  /// Takes time in proportion to the length of the text.
  init(scalars: some ScalarArray) {
    kinds = Array(repeating: [], count: scalars.count)
    links = LinkFinder.links(in: scalars)
    for link in links { mark(link, .link) }
    markCode(in: scalars)
    markWords(in: scalars)
    markQuotes(in: scalars)
    if !kinds.contains(where: { !$0.isEmpty }) { kinds = [] }
  }

  private static func isSign(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "*"), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "`"), UInt8(ascii: ">"): true
    default: false
    }
  }

  private mutating func mark(_ range: Range<Int>, _ kind: Kind) {
    for index in range { kinds[index].insert(kind) }
  }

  // MARK: Code

  /// Marks text between two backticks in one line. Other signs have no meaning in it.
  private mutating func markCode(in scalars: some ScalarArray) {
    var start: Int?
    for (index, scalar) in scalars.enumerated() {
      if scalar == "\n" { start = nil }
      guard scalar == "`", !kinds[index].contains(.link) else { continue }
      guard let opening = start else {
        start = index
        continue
      }
      // Two backticks in a row enclose no code, but the second one may open a new part.
      guard index > opening + 1 else {
        start = index
        continue
      }
      mark(opening..<index + 1, .code)
      kinds[opening].insert(.sign)
      kinds[index].insert(.sign)
      start = nil
    }
  }

  // MARK: Quotes

  private mutating func markQuotes(in scalars: some ScalarArray) {
    var isQuote = false
    for (index, scalar) in scalars.enumerated() {
      if index == 0 || scalars[index - 1] == "\n" {
        // `>:(` and `>=` are no quotes.
        let next = index + 1 < scalars.count ? scalars[index + 1] : " "
        isQuote = scalar == ">" && (next == " " || next == ">" || next == "\n")
      }
      if isQuote { kinds[index].insert(.quote) }
    }
  }

  // MARK: Words

  private static func kind(of sign: Unicode.Scalar) -> Kind? {
    switch sign {
    case "*": .bold
    case "_": .italic
    case "~": .struck
    default: nil
    }
  }

  private mutating func markWords(in scalars: some ScalarArray) {
    // The signs that may still be closed, innermost last; at most one of each kind.
    var open: [(sign: Unicode.Scalar, index: Int)] = []
    for (index, sign) in scalars.enumerated() {
      if sign == "\n" { open = [] }
      guard let kind = Self.kind(of: sign), kinds[index].isDisjoint(with: [.code, .link]) else { continue }
      if let place = open.lastIndex(where: { $0.sign == sign }), Self.closes(index, in: scalars) {
        let opening = open[place].index
        guard index > opening + 1 else { continue }
        mark(opening..<index + 1, kind)
        kinds[opening].insert(.sign)
        kinds[index].insert(.sign)
        // Signs that were opened inside and not closed have no effect.
        open.removeSubrange(place...)
      } else if Self.opens(index, in: scalars) {
        open.removeAll { $0.sign == sign }
        open.append((sign, index))
      }
    }
  }

  private static func opens(_ index: Int, in scalars: some ScalarArray) -> Bool {
    guard index + 1 < scalars.count, isInside(scalars[index + 1], of: scalars[index]) else { return false }
    return index == 0 || (scalars[index - 1] != scalars[index] && isBeforeWord(index - 1, of: index, in: scalars))
  }

  private static func closes(_ index: Int, in scalars: some ScalarArray) -> Bool {
    guard index > 0, isInside(scalars[index - 1], of: scalars[index]) else { return false }
    return index + 1 == scalars.count
      || (scalars[index + 1] != scalars[index] && isBehindWord(index + 1, of: index, in: scalars))
  }

  /// Whether a scalar can be the first or last one between two signs.
  private static func isInside(_ scalar: Unicode.Scalar, of sign: Unicode.Scalar) -> Bool {
    if scalar == sign || scalar.properties.isWhitespace { return false }
    // `~/directory`, `*/5 * * * *`
    return scalar != "/"
  }

  /// Whether a word can begin behind the sign because of the scalar before the sign.
  private static func isBeforeWord(_ index: Int, of sign: Int, in scalars: some ScalarArray) -> Bool {
    let scalar = scalars[index]
    return Punctuation.isBeforeWord(scalar) || kind(of: scalar) != nil || isBetweenWords(sign, in: scalars)
  }

  /// Whether a word can end before the sign because of the scalar behind the sign.
  private static func isBehindWord(_ index: Int, of sign: Int, in scalars: some ScalarArray) -> Bool {
    let scalar = scalars[index]
    return Punctuation.isBehindWord(scalar) || kind(of: scalar) != nil || isBetweenWords(sign, in: scalars)
  }

  /// Whether two words would meet without the sign, as in scripts without spaces. There `_` joins words, and `~` is
  /// written between the ends of a range.
  private static func isBetweenWords(_ sign: Int, in scalars: some ScalarArray) -> Bool {
    guard scalars[sign] == "*", sign + 1 < scalars.count, let left = WordBoundary.base(before: sign, in: scalars) else {
      return false
    }
    let right = scalars[sign + 1]
    return left.wordRole != .divider && right.wordRole != .divider
      && WordBoundary.isBetween(Character(left), Character(right))
  }
}
