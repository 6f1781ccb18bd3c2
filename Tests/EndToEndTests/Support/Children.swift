import Foundation

/// The running child processes of a process.
func children(of parent: pid_t) throws -> [pid_t] {
  #if canImport(Darwin)
    let pipe = Pipe()
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/pgrep")
    process.arguments = ["-P", "\(parent)"]
    process.standardOutput = pipe
    try process.run()
    process.waitUntilExit()
    let text = String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    return text.split(separator: "\n").compactMap { pid_t($0) }
  #else
    // Not by pgrep, which small systems lack.
    return try FileManager.default.contentsOfDirectory(atPath: "/proc").compactMap { pid_t($0) }.filter { process in
      guard let facts = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8) else { return false }
      // proc(5): pid (name) state ppid …; the name may contain any character.
      let words = facts[(facts.lastIndex(of: ")") ?? facts.startIndex)...].split(separator: " ")
      return words.count > 2 && words[1] != "Z" && pid_t(words[2]) == parent
    }
  #endif
}
