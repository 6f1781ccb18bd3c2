extension StringProtocol {
  /// What it counts, in ASCII digits: not negative, and at most 18 of them, so that a little can be added to it.
  var asCount: Int? {
    guard (1...18).contains(utf8.count), utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(self)
  }
}
