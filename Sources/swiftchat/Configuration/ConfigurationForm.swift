import ArgumentParser
import ChatProtocol
import ChatServer
import Logging

/// What a setting may be, and how it is read from a value.
struct ConfigurationForm<Value: Sendable>: Sendable {
  /// As in "is 'x', which is not …".
  let allowed: String
  /// Nil where it is not allowed.
  let read: @Sendable (ConfigurationValue) -> Value?
}

extension ConfigurationForm where Value == Int {
  static func number(_ range: ClosedRange<Int>, of unit: String = "") -> Self {
    ConfigurationForm(allowed: "a number\(unit) from \(range.lowerBound) to \(range.upperBound)") { value in
      switch value {
      case .integer(let number) where range.contains(number): number
      case .text(let text): Int(text).flatMap { range.contains($0) ? $0 : nil }
      default: nil
      }
    }
  }
}

extension ConfigurationForm where Value == Bool {
  static let yesOrNo = ConfigurationForm(allowed: "true or false") { value in
    switch value {
    case .boolean(let value): value
    case .text("true"): true
    case .text("false"): false
    default: nil
    }
  }
}

extension ConfigurationForm where Value == String {
  /// A file, a directory.
  static let path = ConfigurationForm(allowed: "a path") { $0.word }
}

extension ConfigurationForm where Value == [String] {
  /// In the environment with commas between them.
  static func list(_ what: String, _ isAllowed: @escaping @Sendable (String) -> Bool) -> Self {
    ConfigurationForm(allowed: "a list of \(what)") { value in
      let words: [String?] =
        switch value {
        case .list(let values): values.map(\.word)
        case .text(let text): text.split(separator: ",").map { $0.trimmed }
        default: [nil]
        }
      let all = words.compactMap { $0 }.filter(isAllowed)
      return all.count == words.count ? all : nil
    }
  }

  static let hosts = list("addresses or names, at least one") { !$0.contains(where: \.isWhitespace) }
    .with { !$0.isEmpty && $0.count <= 64 }
  static let names = list("at most 1000 names, each as a person's") { Nickname($0) != nil }
    .with { $0.count <= 1000 }

  private func with(_ condition: @escaping @Sendable ([String]) -> Bool) -> Self {
    ConfigurationForm(allowed: allowed) { value in read(value).flatMap { condition($0) ? $0 : nil } }
  }
}

extension ConfigurationForm where Value == Timeout {
  static let timeout = ConfigurationForm(
    allowed: "a number of seconds from 0 to \(Timeout.longest), where 0 means never"
  ) { value in
    switch value {
    case .integer(let seconds): Timeout(argument: "\(seconds)")
    case .real(let seconds): Timeout(argument: "\(seconds)")
    case .text(let text): Timeout(argument: text)
    default: nil
    }
  }
}

extension ConfigurationForm where Value == KeepOption {
  static let keep = ConfigurationForm(allowed: "an age and a number of messages, or one of them: \"90d,100000\"") {
    value in
    if case .integer(let count) = value { return KeepOption(argument: "\(count)") }
    return value.word.flatMap(KeepOption.init)
  }
}

extension ConfigurationForm where Value == MetricsAddress {
  static let address = ConfigurationForm(allowed: "HOST:PORT, such as \"127.0.0.1:9400\"") {
    $0.word.flatMap { MetricsAddress($0) }
  }
}

extension ConfigurationForm where Value: CaseIterable & RawRepresentable<String> {
  /// One of a few words.
  static var choice: Self {
    ConfigurationForm(allowed: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", ")) {
      $0.word.flatMap { Value(rawValue: $0) }
    }
  }
}

extension ConfigurationValue {
  /// A text that is not empty.
  fileprivate var word: String? {
    switch self {
    case .text(let text), .string(let text): text.isEmpty ? nil : text
    default: nil
    }
  }
}

extension Substring {
  fileprivate var trimmed: String {
    String(drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
  }
}
