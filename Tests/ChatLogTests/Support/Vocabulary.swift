import TestSupport

/// Words in several spellings, and what stands between them: the texts of the random tests. Which of them are the same
/// word is said here, and not worked out.
enum Vocabulary {
  /// Each inner array is one word. Something has to stand behind it.
  private static let words = [
    ["disk", "DISK", "Disk", "ｄｉｓｋ"], ["full", "FULL"], ["größe", "GRÖSSE", "grosse", "Grösse"],
    ["naïve", "naive", "NAI\u{308}VE"], ["and", "AND"], ["or", "OR"], ["not", "NOT"], ["near", "NEAR"], ["x1", "X1"],
    ["17", "１７"], ["σίσυφος", "ΣΊΣΥΦΟΣ"], ["привет", "ПРИВЕТ"], ["नमस्ते"], ["a", "A", "á"],
  ]
  /// Each by itself is a word.
  private static let signs = [["東"], ["京"], ["👍", "👍🏽"], ["か"], ["€"]]
  private static let dividers = [
    " ", "  ", ", ", ". ", "-", "_", "\"", "'", "*", ":", "(", ") ", "\t", "/", "+", "\u{0}",
  ]

  /// The longest first: a is the beginning of and.
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

  /// Whether one word begins with another: of these, only "and" with "a".
  static func begins(_ beginning: Int, _ word: Int) -> Bool {
    let (and, a) = (words.firstIndex { $0[0] == "and" }, words.firstIndex { $0[0] == "a" })
    return beginning == word || (beginning == a && word == and)
  }

  /// Which words a text of these has.
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
