/// The second number of `/proc/PID/statm`, see proc(5).
/// - Returns: nil if there is no such process, or no `/proc`.
package func residentPages(of process: String = "self") -> Int? {
  let descriptor = open("/proc/\(process)/statm", O_RDONLY | O_CLOEXEC)
  guard descriptor >= 0 else { return nil }
  defer { close(descriptor) }
  guard let bytes = try? readAll(from: descriptor, maximumBytes: 4096) else { return nil }
  let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
  return words.count > 1 ? Int(words[1]) : nil
}
