import Platform

/// The options of the tmux server that this program runs in.
enum TmuxOptions {
  private static let command = "{ tmux show-options -g; tmux show-options -s; } 2>/dev/null"
  private static let maximumBytes = 64 * 1024
  private static let patience: Int32 = 2000

  /// - Returns: empty if they cannot be read within two seconds.
  static func load() -> [String: String] {
    guard let stream = popen(command, "r") else { return [:] }
    let descriptor = fileno(stream)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while bytes.count < maximumBytes {
      var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      // Without `pclose`, which would wait for a tmux that hangs.
      guard poll(&waiting, 1, patience) > 0 else { return [:] }
      let count = read(descriptor, &buffer, buffer.count)
      guard count > 0 else { break }
      bytes += buffer[..<count]
    }
    pclose(stream)
    return options(in: String(decoding: bytes, as: UTF8.self))
  }

  /// Reads lines of a name and a value.
  static func options(in text: String) -> [String: String] {
    var options: [String: String] = [:]
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ", maxSplits: 1)
      guard words.count == 2 else { continue }
      options[String(words[0])] = String(words[1])
    }
    return options
  }
}
