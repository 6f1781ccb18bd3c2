extension ArraySlice<UInt8> {
  /// The line after its tags and the space behind them.
  var withoutTags: ArraySlice<UInt8> {
    guard first == UInt8(ascii: "@"), let end = firstIndex(of: UInt8(ascii: " ")) else { return self }
    return self[(end + 1)...]
  }

  /// The value of the tag `seq`; nil if there is none.
  var sequence: Int? {
    guard let tags = firstIndex(of: UInt8(ascii: " ")) else { return nil }
    for tag in self[..<tags].split(separator: UInt8(ascii: ";")) where tag.starts(with: "seq=".utf8) {
      return tag.number(endingAt: tag.endIndex)
    }
    return nil
  }

  /// The number whose last digit is before the index; nil if there is none.
  func number(endingAt end: Int) -> Int? {
    var (number, scale) = (0, 1)
    var index = end
    while index > startIndex, case let digit = self[index - 1], (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit),
      scale < 1_000_000_000_000
    {
      number += Int(digit - UInt8(ascii: "0")) * scale
      scale *= 10
      index -= 1
    }
    return index == end ? nil : number
  }
}
