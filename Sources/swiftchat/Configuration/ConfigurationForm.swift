import ArgumentParser
import ChatLog
import ChatModel
import ChatProtocol
import ChatServer
import CommandSupport
import Logging

/// The allowed values of a setting, and how to read and write them.
struct ConfigurationForm<Value: Sendable>: Sendable {
  /// The allowed values in words, to follow "is 'x', which is not".
  let allowed: String
  /// Returns the value as written in the settings file.
  let write: @Sendable (Value) -> String
  /// Returns nil if the value is not allowed.
  let read: @Sendable (ConfigurationValue) -> Value?
  /// Whether a refused value must not be shown.
  var isSecret = false
  /// The reason for refusing a value, to follow "is 'x', "; nil if the reason is only that it is not `allowed`.
  var refusal: @Sendable (ConfigurationValue) -> String? = { _ in nil }

  /// The value without quotes, as on the command line.
  func word(_ value: Value) -> String {
    let text = write(value)
    return text.hasPrefix("\"") ? String(text.dropFirst().dropLast()) : text
  }
}

extension ConfigurationForm where Value == Int {
  static func number(_ range: ClosedRange<Int>, of unit: String = "") -> Self {
    ConfigurationForm(allowed: "a number\(unit) from \(range.lowerBound) to \(range.upperBound)", write: { "\($0)" }) {
      value in
      switch value {
      case .integer(let number) where range.contains(number): number
      case .text(let text): Int(text).flatMap { range.contains($0) ? $0 : nil }
      default: nil
      }
    }
  }
}

extension ConfigurationForm where Value == Bool {
  static let yesOrNo = ConfigurationForm(allowed: "true or false", write: { "\($0)" }) { value in
    switch value {
    case .boolean(let value): value
    case .text("true"): true
    case .text("false"): false
    default: nil
    }
  }
}

extension ConfigurationForm where Value == String {
  /// A path of a file or directory.
  static let path = ConfigurationForm(
    allowed: "a path", write: TOMLText.string,
    read: { $0.word.flatMap { try? PathText.resolve($0) } },
    refusal: { value in
      guard let text = value.word else { return nil }
      do throws(PathText.Problem) { _ = try PathText.resolve(text) } catch { return "which \(error.reason)" }
      return nil
    })
}

extension ConfigurationForm where Value == PostgresURL {
  /// Written without its password.
  static let store: Self = {
    var form = ConfigurationForm(
      allowed: "an address such as postgresql://user@host/database", write: { TOMLText.string($0.description) }
    ) {
      $0.word.flatMap { PostgresURL($0) }
    }
    form.isSecret = true
    return form
  }()
}

extension ConfigurationForm where Value == [String] {
  /// A list, separated by commas in the environment.
  static func list(
    _ what: String, count: ClosedRange<Int>, _ item: @escaping @Sendable (String) -> String?
  ) -> Self {
    ConfigurationForm(
      allowed: "a list of \(what)", write: { "[\($0.map(TOMLText.string).joined(separator: ", "))]" }
    ) { value in
      let words = words(in: value)
      let all = words.compactMap { $0.flatMap(item) }
      return all.count == words.count && count.contains(all.count) ? all : nil
    }
  }

  private static func words(in value: ConfigurationValue) -> [String?] {
    switch value {
    case .list(let values): values.map(\.word)
    case .text(let text): text.split(separator: ",").map { $0.trimmed }
    default: [nil]
    }
  }

  static let hosts: Self = {
    var hosts = list("addresses or names, at least one", count: 1...64) { try? ListenHost.resolve($0) }
    hosts.refusal = { value in
      for word in words(in: value) {
        guard let word else { return nil }
        do throws(ListenHost.Problem) { _ = try ListenHost.resolve(word) } catch {
          return "\(ConfigurationValue.text(word)) \(error.reason)"
        }
      }
      return nil
    }
    return hosts
  }()

  static let publicHosts = list(
    "1 to \(Endpoint.maximumHosts) names or addresses, each with a port if it needs one",
    count: 1...Endpoint.maximumHosts
  ) { try? PublicHost($0).text }

  static let networks = list("at most 64 addresses or networks, such as \"192.0.2.0/24\"", count: 0...64) {
    Network($0)?.description
  }

  static let names = list("at most 1000 names, each as a person's", count: 0...1000) { Nickname($0)?.text }
}

extension ConfigurationForm where Value == Timeout {
  static let timeout = ConfigurationForm(
    allowed: "a number of seconds from 0 to \(Timeout.longest), where 0 means never",
    write: \.defaultValueDescription
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
  static let keep = ConfigurationForm(
    allowed: "an age and a number of messages, or one of them: \"90d,100000\"", write: { TOMLText.string($0.argument) }
  ) { value in
    if case .integer(let count) = value { return KeepOption(argument: "\(count)") }
    return value.word.flatMap(KeepOption.init)
  }
}

extension ConfigurationForm where Value == MetricsAddress {
  static let address = ConfigurationForm(
    allowed: "HOST:PORT, such as \"127.0.0.1:9400\"", write: { TOMLText.string($0.description) }
  ) {
    $0.word.flatMap { MetricsAddress($0) }
  }
}

extension ConfigurationForm where Value: CaseIterable & RawRepresentable<String> {
  /// One of a fixed set of words.
  static var choice: Self {
    ConfigurationForm(
      allowed: "one of " + Value.allCases.map(\.rawValue).joined(separator: ", "),
      write: { TOMLText.string($0.rawValue) }
    ) {
      $0.word.flatMap { Value(rawValue: $0) }
    }
  }
}

extension ConfigurationValue {
  /// The value as a non-empty text; nil if it is not one.
  var word: String? {
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
