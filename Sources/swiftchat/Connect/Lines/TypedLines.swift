import ChatUI

/// Splits standard input into lines, as a value.
struct TypedLines {
  enum Item: Equatable {
    case line(String)
    /// - Parameter reason: a sentence without the full stop.
    case unreadable(reason: String)
  }

  private static let maximumBytes = Interface.maximumLineBytes

  private var pending: [UInt8] = []
  private var isTooLong = false

  /// - Returns: the lines that are complete.
  mutating func append(_ bytes: some Collection<UInt8>) -> [Item] {
    var items: [Item] = []
    var rest = bytes[...]
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      take(rest[..<end])
      items.append(finishLine())
      rest = rest[rest.index(after: end)...]
    }
    take(rest)
    return items
  }

  /// - Returns: the last line, if its end is missing.
  mutating func finish() -> Item? { pending.isEmpty && !isTooLong ? nil : finishLine() }

  private mutating func take(_ bytes: some Collection<UInt8>) {
    guard !isTooLong else { return }
    isTooLong = pending.count + bytes.count > Self.maximumBytes
    if isTooLong { pending = [] } else { pending += bytes }
  }

  private mutating func finishLine() -> Item {
    defer { (pending, isTooLong) = ([], false) }
    if isTooLong { return .unreadable(reason: "a line of more than \(Self.maximumBytes >> 10) KiB was not sent") }
    if pending.last == UInt8(ascii: "\r") { pending.removeLast() }
    guard let text = String(validating: pending, as: UTF8.self) else {
      return .unreadable(reason: "a line that is not UTF-8 was not sent")
    }
    return .line(text)
  }
}
