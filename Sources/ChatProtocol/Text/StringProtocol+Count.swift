extension StringProtocol {
  /// The non-negative number that the text spells in ASCII digits. At most 18 digits are accepted, so that small
  /// additions cannot overflow.
  package var asCount: Int? {
    guard (1...18).contains(utf8.count), utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(self)
  }
}
