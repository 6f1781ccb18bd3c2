import ChatClient
import ChatProtocol

/// What servers are known by: a line for each, that people can read and edit.
///
///     HOST:PORT PIN DATE
///
/// What follows a `#`, and what is no such line, is kept as it is.
struct KnownHosts: Sendable {
  private static let maximumBytes = 1 << 20
  private static let heading =
    "# What servers are known by: HOST:PORT PIN DATE. See also: swiftchat trust\n"

  private let file: PrivateFile

  var path: String { file.path }

  init(folder: String) { file = PrivateFile(path: folder + "/known_hosts", maximumBytes: Self.maximumBytes) }

  /// - Returns: nil where the server was never met.
  /// - Throws: where that cannot be told, which does not mean that it was not.
  func pin(of endpoint: Endpoint) throws(Failure) -> Pin? { try Self.pin(of: endpoint, in: lines(), path) }

  /// Adds a server that was met for the first time.
  /// - Returns: what it is known by now: another pin than the given one, where another program was faster.
  func add(_ pin: Pin, for endpoint: Endpoint) throws(Failure) -> Pin {
    try file.whileLocked { () throws(Failure) -> Pin in
      let lines = try lines()
      if let known = try Self.pin(of: endpoint, in: lines, path) { return known }
      try write(lines + [Self.line(pin, endpoint)])
      return pin
    }
  }

  /// In place of whatever it was known by.
  func replace(_ pin: Pin, for endpoint: Endpoint) throws(Failure) {
    try file.whileLocked { () throws(Failure) in
      var lines = try lines()
      let place = lines.firstIndex { Self.names($0, endpoint) } ?? lines.endIndex
      lines.removeAll { Self.names($0, endpoint) }
      lines.insert(Self.line(pin, endpoint), at: place)
      try write(lines)
    }
  }

  /// - Returns: whether it was known.
  func forget(_ endpoint: Endpoint) throws(Failure) -> Bool {
    try file.whileLocked { () throws(Failure) -> Bool in
      var lines = try lines()
      let count = lines.count
      lines.removeAll { Self.names($0, endpoint) }
      if lines.count < count { try write(lines) }
      return lines.count < count
    }
  }

  // MARK: Lines

  private func lines() throws(Failure) -> [Substring] {
    guard let text = try file.read()?.text else { return [] }
    // By bytes: CR LF is one character.
    var lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map { Substring($0) }
    if lines.last?.isEmpty == true { lines.removeLast() }
    return lines
  }

  private func write(_ lines: [Substring]) throws(Failure) {
    var text = lines.map { $0 + "\n" }.joined()
    if !text.hasPrefix("#") { text = Self.heading + text }
    guard text.utf8.count <= Self.maximumBytes else {
      throw Failure("\(path) is full: remove the lines of servers that you do not need")
    }
    try file.replace(text)
  }

  private static func line(_ pin: Pin, _ endpoint: Endpoint) -> Substring {
    "\(endpoint) \(pin) \(Timestamp.now().description.prefix(10))"
  }

  private static func pin(of endpoint: Endpoint, in lines: [Substring], _ path: String) throws(Failure) -> Pin? {
    guard let index = lines.firstIndex(where: { names($0, endpoint) }) else { return nil }
    let words = words(of: lines[index])
    guard words.count > 1, let pin = Pin(words[1]) else {
      throw Failure("line \(index + 1) of \(path) has no pin for \(endpoint): correct it, or remove it")
    }
    return pin
  }

  private static func names(_ line: Substring, _ endpoint: Endpoint) -> Bool {
    guard let word = words(of: line).first, word.first != "#" else { return false }
    do { return try Endpoint(String(word)) == endpoint } catch { return false }
  }

  private static func words(of line: Substring) -> [Substring] {
    line.split { $0 == " " || $0 == "\t" || $0 == "\r" }
  }
}
