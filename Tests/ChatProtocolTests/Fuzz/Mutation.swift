import TestSupport

extension SeededGenerator {
  /// One or more lines that are nearly valid, so that parsers reach the mutated parts.
  mutating func fuzzInput() -> [UInt8] {
    var input = pick(Corpus.beginnings)
    if chance(1, in: 8) { input = [UInt8(number(0...255)), UInt8(number(0...255))] }
    for _ in 0..<(chance(1, in: 4) ? number(2...4) : 1) {
      var line = Array(pick(Corpus.lines).utf8)
      for _ in 0..<number(0...5) { line = mutated(line) }
      input += line + (chance(1, in: 12) ? [] : chance(1, in: 4) ? [0x0d, 0x0a] : [0x0a])
    }
    return input
  }

  private mutating func mutated(_ line: [UInt8]) -> [UInt8] {
    var line = line
    let place = number(0...line.count)
    switch number(0...9) {
    case 0, 1: return exchangingWord(of: line)
    case 2: line.insert(contentsOf: pick(Corpus.words).utf8, at: place)
    case 3: line.insert(contentsOf: pick(Corpus.bytes), at: place)
    case 4: if place < line.count { line[place] ^= 1 << UInt8(number(0...7)) }
    case 5: if place < line.count { line[place] = UInt8(number(0...255)) }
    case 6: line = Array(line[..<place])
    case 7:
      // The end of another line.
      let other = Array(pick(Corpus.lines).utf8)
      line = Array(line[..<place]) + other[number(0...other.count)...]
    case 8:
      let part = line[place...].prefix(number(1...12))
      line.insert(contentsOf: Array(repeating: Array(part), count: number(1...8)).joined(), at: place)
    default:
      guard chance(1, in: 10), let byte = line.last else { return line }
      // Nearly as long as a line may be, or longer.
      line += Array(repeating: byte, count: number(60...100) + (flip() ? 4000 : 0))
    }
    return line
  }

  private mutating func exchangingWord(of line: [UInt8]) -> [UInt8] {
    var words = line.split(separator: 0x20, omittingEmptySubsequences: false).map { Array($0) }
    guard !words.isEmpty else { return line }
    let place = number(0...words.count - 1)
    switch number(0...3) {
    case 0: words[place] = Array(pick(Corpus.words).utf8)
    case 1: words.remove(at: place)
    case 2: words.insert(words[place], at: place)
    default:
      let others = Array(pick(Corpus.lines).utf8).split(separator: 0x20)
      if let other = others.randomElement(using: &self) { words[place] = Array(other) }
    }
    return Array(words.joined(separator: [0x20]))
  }
}
