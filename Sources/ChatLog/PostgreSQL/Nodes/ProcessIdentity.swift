import Platform

/// Identifies a process among all that ever ran on any machine, in one line of text. A server that starts recognizes by
/// it that an earlier one on the same machine has crashed, without waiting for the end of its lease.
struct ProcessIdentity: Hashable {
  /// The boot of the machine, and the namespace of the process number.
  let place: String
  let process: Int32
  /// Ticks since the boot: process numbers are used again.
  let start: String

  /// - Returns: nil if the system does not tell.
  init?(of process: Int32) {
    guard let boot = Self.text("/proc/sys/kernel/random/boot_id"), let namespace = Self.link("/proc/self/ns/pid"),
      let present = Self.state(of: process)
    else { return nil }
    place = "\(boot) \(namespace)"
    self.process = process
    start = present.start
  }

  /// - Returns: nil if the text is not one of `text`.
  init?(_ text: String) {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 4, let process = Int32(words[2]), process > 0 else { return nil }
    (place, self.process, start) = ("\(words[0]) \(words[1])", process, words[3])
  }

  var text: String { "\(place) \(process) \(start)" }

  /// Whether the process ran on this machine and does so no longer.
  var hasEnded: Bool {
    guard let own = ProcessIdentity(of: getpid()), own.place == place else { return false }
    if let present = Self.state(of: process) { return present.start != start || present.hasEnded }
    // The file of another user's process may be hidden.
    return kill(process, 0) != 0 && errno == ESRCH
  }

  /// The third and the twenty-second field of `stat`; the second one, the program's name, may contain anything. A
  /// process that has ended is there until its parent takes note, which in a container may never happen.
  private static func state(of process: Int32) -> (hasEnded: Bool, start: String)? {
    guard let stat = text("/proc/\(process)/stat"), let end = stat.lastIndex(of: ")") else { return nil }
    let fields = stat[end...].split(separator: " ")
    return fields.count > 20 ? (["Z", "X"].contains(fields[1]), String(fields[20])) : nil
  }

  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { buffer, count in
      count = max(read(descriptor, buffer.baseAddress, buffer.count), 0)
    }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).first.map(String.init)
  }

  private static func link(_ path: String) -> String? {
    let bytes = [UInt8](unsafeUninitializedCapacity: 256) { buffer, count in
      count = buffer.withMemoryRebound(to: CChar.self) { text in
        text.baseAddress.map { max(readlink(path, $0, text.count), 0) } ?? 0
      }
    }
    return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
  }
}
