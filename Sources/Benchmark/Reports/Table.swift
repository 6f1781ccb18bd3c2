import ChatProtocol

/// A column of figures with labels and units.
struct Table {
  private let title: String
  private var rows: [(label: String, value: String)] = []

  init(_ title: String) { self.title = title }

  /// - Parameter value: nil if it is not known, such as the CPU time of a server whose process is not named; the row is
  ///   left out.
  mutating func add(_ label: String, _ value: String?) {
    if let value { rows.append((label, value)) }
  }

  var text: String {
    let width = rows.map(\.label.count).max() ?? 0
    let lines = rows.map { row in
      "  " + row.label + String(repeating: " ", count: width - row.label.count + 2) + row.value
    }
    return ([title] + lines).joined(separator: "\n")
  }
}

extension Double {
  /// The number with this many decimals and with thousands separated by commas.
  func digits(_ count: Int = 0) -> String {
    guard isFinite, magnitude < 1e15 else { return "\(self)" }
    var scale = 1.0
    for _ in 0..<count { scale *= 10 }
    let scaled = Int((magnitude * scale).rounded())
    let whole = scaled / Int(scale)
    let fraction = String(scaled % Int(scale))
    let sign = self < 0 && scaled != 0 ? "-" : ""
    guard count > 0 else { return sign + whole.grouped }
    return sign + whole.grouped + "." + String(repeating: "0", count: count - fraction.count) + fraction
  }
}

extension Int {
  /// Bytes as KiB or MiB.
  var bytesText: String {
    magnitude < 10 << 20 ? "\((Double(self) / 1024).digits(1)) KiB" : "\((Double(self) / 1_048_576).digits(1)) MiB"
  }
}
