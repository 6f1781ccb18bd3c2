import ArgumentParser

/// `--port`, or else `SWIFTCHAT_PORT`, or else 4000.
struct PortOption: ParsableArguments {
  @Option(help: "The port; 0 picks a free one. (default: $SWIFTCHAT_PORT, or 4000)")
  var port: Int?

  static let standard = 4000

  /// - Throws: `ValidationError` when it is no port.
  var number: Int {
    get throws {
      if let port { return try Self.check(port, from: "--port") }
      return try Self.standardNumber()
    }
  }

  /// The port where nobody named one.
  static func standardNumber() throws -> Int {
    guard let text = environmentValue("SWIFTCHAT_PORT"), !text.isEmpty else { return standard }
    guard let number = Int(text) else {
      throw ValidationError("SWIFTCHAT_PORT is '\(text)', which is not a number from 0 to 65535.")
    }
    return try check(number, from: "SWIFTCHAT_PORT")
  }

  private static func check(_ number: Int, from source: String) throws -> Int {
    guard (0...65535).contains(number) else {
      throw ValidationError("\(source) is \(number); a port is a number from 0 to 65535.")
    }
    return number
  }
}
