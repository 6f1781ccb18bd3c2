import TestSupport

/// Words in several spellings, and separators, for random texts. Which spellings are the same word is stated here, not
/// computed.
enum Vocabulary {
  /// Each inner array has the spellings of one word. A separator must follow each word.
  private static let words = [
    ["disk", "DISK", "Disk", "ｄｉｓｋ"], ["full", "FULL"], ["größe", "GRÖSSE", "grosse", "Grösse"],
    ["naïve", "naive", "NAI\u{308}VE"], ["and", "AND"], ["or", "OR"], ["not", "NOT"], ["near", "NEAR"], ["x1", "X1"],
    ["17", "１７"], ["σίσυφος", "ΣΊΣΥΦΟΣ"], ["привет", "ПРИВЕТ"], ["नमस्ते"], ["a", "A", "á"],
  ]
  /// Each sign is a word by itself.
  private static let signs = [["東"], ["京"], ["👍", "👍🏽"], ["か"], ["€"]]
  private static let dividers = [
    " ", "  ", ", ", ". ", "-", "_", "\"", "'", "*", ":", "(", ") ", "\t", "/", "+", "\u{0}",
  ]

  /// Longest first, because "a" is a prefix of "and".
  private static let numbered = (words + signs).enumerated()
    .flatMap { number, spellings in spellings.map { (scalars: Array($0.unicodeScalars), number: number) } }
    .sorted { $0.scalars.count > $1.scalars.count }

  static func text(_ length: ClosedRange<Int>, using generator: inout SeededGenerator) -> String {
    var text = generator.chance(1, in: 4) ? generator.pick(dividers) : ""
    for _ in 0..<generator.number(length) {
      if generator.chance(1, in: 4) {
        text += generator.pick(generator.pick(signs))
      } else {
        text += generator.pick(generator.pick(words)) + generator.pick(dividers)
      }
    }
    return text
  }

  /// Whether one word begins with another: here, only "and" with "a".
  static func begins(_ beginning: Int, _ word: Int) -> Bool {
    let (and, a) = (words.firstIndex { $0[0] == "and" }, words.firstIndex { $0[0] == "a" })
    return beginning == word || (beginning == a && word == and)
  }

  /// The numbers of the words in a text made of these.
  static func numbers(of text: String) -> [Int] {
    var rest = Array(text.unicodeScalars)[...]
    var numbers: [Int] = []
    while !rest.isEmpty {
      let word = numbered.first { rest.starts(with: $0.scalars) }
      if let word { numbers.append(word.number) }
      rest = rest.dropFirst(word?.scalars.count ?? 1)
    }
    return numbers
  }
}
