/// Writes metrics in the text format of Prometheus, version 0.0.4: for each its help text, type and samples.
/// https://prometheus.io/docs/instrumenting/exposition_formats/
struct PrometheusText {
  private(set) var text = ""

  /// A value that only grows. Its name ends in `_total`.
  mutating func counter(_ name: String, _ help: String, _ value: Double) {
    head(name, help, "counter")
    sample(name, [], value)
  }

  /// A value that can rise and fall.
  mutating func gauge(_ name: String, _ help: String, _ value: Double) {
    head(name, help, "gauge")
    sample(name, [], value)
  }

  /// - Parameter label: the label that distinguishes the samples.
  mutating func family(_ name: String, _ help: String, type: String, by label: String, _ values: [(String, Int)]) {
    head(name, help, type)
    for (value, count) in values { sample(name, [(label, value)], Double(count)) }
  }

  mutating func histogram(_ name: String, _ help: String, _ histogram: Histogram) {
    head(name, help, "histogram")
    var count = 0
    for (bound, inBucket) in zip(Histogram.bounds.map(Self.number) + ["+Inf"], histogram.counts) {
      count &+= inBucket
      sample("\(name)_bucket", [("le", bound)], Double(count))
    }
    sample("\(name)_sum", [], histogram.seconds)
    sample("\(name)_count", [], Double(count))
  }

  /// A constant 1 whose labels carry the information.
  mutating func information(_ name: String, _ help: String, _ labels: [(String, String)]) {
    head(name, help, "gauge")
    sample(name, labels, 1)
  }

  private mutating func head(_ name: String, _ help: String, _ type: String) {
    text += "# HELP \(name) \(help)\n# TYPE \(name) \(type)\n"
  }

  private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: Double) {
    text += name
    if !labels.isEmpty {
      text += "{" + labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",") + "}"
    }
    text += " \(Self.number(value))\n"
  }

  private static func escaped(_ value: String) -> String {
    var escaped = ""
    for character in value.unicodeScalars {
      switch character {
      case "\\": escaped += "\\\\"
      case "\"": escaped += "\\\""
      case "\n": escaped += "\\n"
      default: escaped.unicodeScalars.append(character)
      }
    }
    return escaped
  }

  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? "\(value)"
  }
}
