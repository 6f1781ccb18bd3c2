import NIOCore

/// A wall-clock time in milliseconds since 1970 UTC. Written as RFC 3339 with milliseconds, as in the IRCv3
/// `server-time` tag: `2026-11-22T10:00:00.123Z`.
public struct Timestamp: Hashable, Comparable, Sendable, Codable {
  public var milliseconds: Int64

  public init(milliseconds: Int64) { self.milliseconds = milliseconds }

  public static func < (left: Timestamp, right: Timestamp) -> Bool { left.milliseconds < right.milliseconds }
}

extension Timestamp: CustomStringConvertible {
  /// Times outside the years 0 to 9999 are written as the nearest bound: the format has four digits for the year.
  public var description: String { String(unsafeUninitializedCapacity: Self.bytes) { write(into: .init($0)) } }

  /// Length of the written form.
  fileprivate static let bytes = 24

  private static let earliest: Int64 = -62_167_219_200_000  // 0000-01-01T00:00:00.000Z
  private static let latest: Int64 = 253_402_300_799_999  // 9999-12-31T23:59:59.999Z

  /// - Parameter bytes: with room for `Timestamp.bytes`.
  /// - Returns: the number of bytes written.
  fileprivate func write(into bytes: UnsafeMutableRawBufferPointer) -> Int {
    let clamped = min(max(milliseconds, Self.earliest), Self.latest)
    let day = clamped.flooredDivision(by: 86_400_000)
    let rest = clamped - day * 86_400_000
    let date = CivilDate(daysSince1970: day)
    var end = 0
    func append(_ number: Int64, digits: Int, _ mark: UInt8) {
      var number = number
      for place in (0..<digits).reversed() {
        bytes[end + place] = UInt8(ascii: "0") + UInt8(truncatingIfNeeded: number % 10)
        number /= 10
      }
      bytes[end + digits] = mark
      end += digits + 1
    }
    append(date.year, digits: 4, UInt8(ascii: "-"))
    append(date.month, digits: 2, UInt8(ascii: "-"))
    append(date.day, digits: 2, UInt8(ascii: "T"))
    append(rest / 3_600_000, digits: 2, UInt8(ascii: ":"))
    append(rest / 60_000 % 60, digits: 2, UInt8(ascii: ":"))
    append(rest / 1000 % 60, digits: 2, UInt8(ascii: "."))
    append(rest % 1000, digits: 3, UInt8(ascii: "Z"))
    return end
  }
}

extension ByteBuffer {
  mutating func append(_ time: Timestamp) {
    writeWithUnsafeMutableBytes(minimumWritableBytes: Timestamp.bytes) { time.write(into: $0) }
  }
}

extension Timestamp: LosslessStringConvertible {
  /// Reads only the form that `description` writes; the fraction may have one to nine digits or be absent.
  public init?(_ text: String) {
    let bytes = Array(text.utf8)
    guard bytes.count >= 20, bytes.count <= 30 else { return nil }
    func number(_ range: Range<Int>) -> Int64? {
      var value: Int64 = 0
      for byte in bytes[range] {
        guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
        value = value * 10 + Int64(byte - UInt8(ascii: "0"))
      }
      return value
    }
    for (index, mark) in zip([4, 7, 10, 13, 16], "--T::".utf8) where bytes[index] != mark { return nil }
    guard bytes.last == UInt8(ascii: "Z"),
      let year = number(0..<4), let month = number(5..<7), let day = number(8..<10),
      let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
      (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
    else { return nil }
    var fraction: Int64 = 0
    if bytes.count > 20 {
      guard bytes[19] == UInt8(ascii: "."), bytes.count > 21 else { return nil }
      let digits = min(bytes.count - 21, 3)
      guard number(20..<(bytes.count - 1)) != nil, let value = number(20..<(20 + digits)) else { return nil }
      fraction = value * [100, 10, 1][digits - 1]
    }
    let date = CivilDate(year: year, month: month, day: day)
    let days = date.daysSince1970
    // Rejects days that the month does not have, such as 31 April.
    guard CivilDate(daysSince1970: days) == date else { return nil }
    self.init(milliseconds: ((days * 24 + hour) * 60 + minute) * 60_000 + second * 1000 + fraction)
  }
}

/// A day of the proleptic Gregorian calendar. The arithmetic is Howard Hinnant's
/// (https://howardhinnant.github.io/date_algorithms.html), for years 0 to 9999.
public struct CivilDate: Hashable, Sendable {
  public let year: Int64
  public let month: Int64
  public let day: Int64

  public init(year: Int64, month: Int64, day: Int64) {
    self.year = year
    self.month = month
    self.day = day
  }

  public init(daysSince1970 days: Int64) {
    let shifted = days + 719_468
    let era = shifted.flooredDivision(by: 146_097)
    let dayOfEra = shifted - era * 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shiftedMonth = (5 * dayOfYear + 2) / 153
    day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
    month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
    year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  }

  public var daysSince1970: Int64 {
    let shiftedYear = month <= 2 ? year - 1 : year
    let era = shiftedYear.flooredDivision(by: 400)
    let yearOfEra = shiftedYear - era * 400
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
    return era * 146_097 + dayOfEra - 719_468
  }
}

extension Int64 {
  fileprivate func flooredDivision(by divisor: Int64) -> Int64 {
    let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
    return remainder < 0 ? quotient - 1 : quotient
  }
}
