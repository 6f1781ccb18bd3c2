enum MessageOfTheDay {
  /// A longer text is not a greeting.
  private static let maximumLines = 200
  private static let maximumLineBytes = 1024
  private static let maximumBytes = 1 << 20

  /// - Throws: `ConfigurationError` if the file cannot be read, is not text, or is too large.
  static func read(path: String) throws(ConfigurationError) -> [String] {
    var lines: [String]
    do {
      lines = try TextFile.read(path, maximumBytes: maximumBytes).lines.map(String.init)
    } catch {
      throw ConfigurationError("cannot read the message of the day from \(path): \(error.reason)")
    }
    while lines.last?.isEmpty == true { lines.removeLast() }
    guard lines.count <= maximumLines else {
      throw ConfigurationError(
        "\(path): a message of the day has at most \(maximumLines) lines, this has \(lines.count)")
    }
    if let long = lines.firstIndex(where: { $0.utf8.count > maximumLineBytes }) {
      throw ConfigurationError(
        "\(path), line \(long + 1): a line of the message of the day has at most \(maximumLineBytes) bytes")
    }
    return lines
  }
}
