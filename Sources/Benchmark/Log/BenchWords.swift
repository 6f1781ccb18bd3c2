import ChatProtocol

/// Words with the frequencies of a natural language: the word of rank n occurs in proportion to 1/n.
enum BenchWords {
  /// Occurs in every third message.
  static let common = "w0"
  static let phrase = ["w0", "w1"]
  /// Occurs in about one of 30,000 messages.
  static let rare = "w19990"

  private static let known = (0..<20_000).map { "w\($0)" }

  /// - Returns: the words of one message.
  static func message(using generator: inout SplitMix64) -> [String] {
    let length = Int.random(in: 2...12, using: &generator)
    return (0..<length).map { _ in known[rank(using: &generator)] }
  }

  private static func rank(using generator: inout SplitMix64) -> Int {
    // Uniform between powers of 2, each of which is equally likely: close enough to 1/n.
    let power = Int.random(in: 0...14, using: &generator)
    return min(Int.random(in: (1 << power)..<(2 << power), using: &generator) - 1, known.count - 1)
  }
}
