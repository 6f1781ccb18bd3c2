// Numbers in messages to the user.

extension Int {
  /// `1 message`, `12,345 messages`
  /// - Parameters:
  ///   - noun: in the singular.
  ///   - plural: if it is not the singular with an s.
  package func counted(_ noun: String, plural: String? = nil) -> String {
    "\(grouped) \(self == 1 ? noun : plural ?? "\(noun)s")"
  }

  /// `12,345,678`
  package var grouped: String {
    let digits = String(magnitude)
    var text = self < 0 ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
      text.append(digit)
    }
    return text
  }
}

extension Duration {
  /// `12 hours`, `90 seconds`: in the largest unit that divides the duration.
  package var inWords: String {
    let seconds = components.seconds
    let units: [(Int64, String)] = [(604_800, "week"), (86_400, "day"), (3600, "hour"), (60, "minute")]
    let (length, name) = units.first { seconds > 0 && seconds % $0.0 == 0 } ?? (1, "second")
    return Int(clamping: seconds / length).counted(name)
  }
}
