import ArgumentParser
import ChatLog

/// The retention on the command line: an age (`90d`, `12h` or `52w`), a number of messages per conversation, or both
/// (`90d,100000`).
struct KeepOption: ExpressibleByArgument, Equatable {
  let retention: Retention

  static let example = KeepOption(Retention(age: .seconds(90 * 86_400), count: 100_000))

  private static let seconds: [Character: Int64] = ["h": 3600, "d": 86_400, "w": 604_800]
  /// A hundred years; the number of messages has a similarly generous limit.
  private static let maximumSeconds: Int64 = 36_525 * 86_400
  private static let maximumCount = 1_000_000_000_000

  init(_ retention: Retention) { self.retention = retention }

  init?(argument: String) {
    var retention = Retention()
    for part in argument.split(separator: ",", omittingEmptySubsequences: false) {
      if let count = Self.number(part), count <= Self.maximumCount, retention.count == nil {
        retention.count = count
      } else if let unit = part.last.flatMap({ Self.seconds[$0] }), let number = Self.number(part.dropLast()),
        Int64(number) <= Self.maximumSeconds / unit, retention.age == nil
      {
        retention.age = .seconds(Int64(number) * unit)
      } else {
        return nil
      }
    }
    self.retention = retention
  }

  /// The argument that reads as this retention.
  var argument: String {
    let age = retention.age.map { age in
      let seconds = age.components.seconds
      return seconds % 86_400 == 0 ? "\(seconds / 86_400)d" : "\(seconds / 3600)h"
    }
    return [age, retention.count.map(String.init)].compactMap { $0 }.joined(separator: ",")
  }

  /// At least 1: a retention of nothing is a mistake.
  private static func number(_ text: Substring) -> Int? {
    guard (1...15).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let number = Int(text), number > 0
    else { return nil }
    return number
  }
}
