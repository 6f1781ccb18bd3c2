import ChatModel
import ChatProtocol
import CommandSupport

/// The pins of known servers: a text file with one line per server, which users can read and edit.
///
///     HOST:PORT PIN DATE
///     HOST:PORT,HOST:PORT PIN DATE
///
/// Empty lines and comments, which begin with `#`, are preserved. Any other invalid line stops the client, because it
/// may be the damaged pin of a server.
struct KnownHosts: Sendable {
  private static let maximumBytes = 1 << 20
  private static let heading =
    "# What servers are known by: HOST:PORT PIN DATE. See also: swiftchat trust\n"

  private let file: PrivateFile

  var path: String { file.path }

  init(folder: String) { file = PrivateFile(path: folder + "/known_hosts", maximumBytes: Self.maximumBytes) }

  /// - Returns: nil if the server is unknown.
  /// - Throws: `Failure` if the file is invalid; the server may then be known.
  func pin(of endpoint: Endpoint) throws(Failure) -> Pin? {
    let lines = try lines()
    if let flaw = lines.lazy.compactMap({ $0.flaw }).first { throw Failure("\(path), \(flaw)") }
    return lines.first { $0.endpoint == endpoint }?.pin
  }

  /// As `pin`, but an invalid line of this server is ignored, because the caller is about to replace it.
  func readablePin(of endpoint: Endpoint) throws(Failure) -> Pin? {
    try lines(correcting: endpoint).first { $0.endpoint == endpoint }?.pin
  }

  /// Adds a server after the first connection.
  /// - Returns: the server's pin in the file. Differs from the given pin if another process has added the server
  ///   before.
  func add(_ pin: Pin, for endpoint: Endpoint) throws(Failure) -> Pin {
    try file.whileLocked { () throws(Failure) -> Pin in
      if let known = try self.pin(of: endpoint) { return known }
      try write(lines().map(\.text) + [Self.line(pin, endpoint)])
      return pin
    }
  }

  /// Sets the server's pin, replacing a previous one.
  func replace(_ pin: Pin, for endpoint: Endpoint) throws(Failure) {
    try file.whileLocked { () throws(Failure) in
      var lines = try lines(correcting: endpoint)
      let place = lines.firstIndex { $0.endpoint == endpoint } ?? lines.endIndex
      lines.removeAll { $0.endpoint == endpoint }
      var texts = lines.map(\.text)
      texts.insert(Self.line(pin, endpoint), at: place)
      try write(texts)
    }
  }

  /// - Returns: whether the server was known.
  func forget(_ endpoint: Endpoint) throws(Failure) -> Bool {
    try file.whileLocked { () throws(Failure) -> Bool in
      let lines = try lines(correcting: endpoint)
      let rest = lines.filter { $0.endpoint != endpoint }
      if rest.count < lines.count { try write(rest.map(\.text)) }
      return rest.count < lines.count
    }
  }

  // MARK: Lines

  private func lines() throws(Failure) -> [KnownHostLine] {
    guard let text = try file.read()?.text else { return [] }
    do {
      return try EditedText(text.utf8).lines.enumerated().map { KnownHostLine($1, number: $0 + 1) }
    } catch {
      throw Failure("\(path), line \(error.line): \(error.reason)")
    }
  }

  /// - Throws: `Failure`, also if the line of another server is invalid.
  private func lines(correcting endpoint: Endpoint) throws(Failure) -> [KnownHostLine] {
    let lines = try lines()
    if let flaw = lines.lazy.filter({ $0.endpoint != endpoint }).compactMap({ $0.flaw }).first {
      throw Failure("\(path), \(flaw)")
    }
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
}

/// A line of the known hosts file.
struct KnownHostLine {
  /// The line without its terminator.
  let text: Substring
  /// Nil if the line is empty, a comment, or invalid.
  private(set) var endpoint: Endpoint?
  private(set) var pin: Pin?
  /// The error in the line, including its number; nil if the line is valid.
  private(set) var flaw: String?

  init(_ text: Substring, number: Int) {
    self.text = text
    let words = EditedText.words(of: text)
    guard let first = words.first else { return }
    do {
      endpoint = try Endpoint(String(first))
      if words.count > 1 { pin = Pin(words[1]) }
      let rest = words.dropFirst(2).prefix { !$0.hasPrefix("#") }
      if pin == nil, let endpoint {
        flaw = "line \(number) has no pin for \(endpoint): correct it, or remove it"
      } else if rest.contains(where: { Pin($0) != nil }) {
        // Two lines were joined: the second would be ignored.
        flaw = "line \(number) has more than one pin: write a line for each server"
      }
    } catch {
      let cause = EditedText.invisible(in: text).map { " There is the invisible character \($0) in it." } ?? ""
      flaw = "line \(number) is neither a comment nor HOST:PORT PIN: correct it, or remove it.\(cause)"
    }
  }
}
