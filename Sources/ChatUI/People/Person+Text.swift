import ChatProtocol

extension Person {
  /// `neha is away: lunch`. Whoever leaves no word is given the word "away" by some clients.
  var awayText: String {
    guard let away, !away.isEmpty, away.lowercased() != "away" else { return "\(name) is away" }
    return "\(name) is away: \(away)"
  }
}
