import Foundation
import Platform
import Synchronization
import TestSupport
import Testing

@testable import swiftchat

/// Programs of the user's choice.
@Suite(.interacting)
struct ProgramRunnerTests {
  /// Waits until the file is there, and has a line end.
  private func contents(of file: String) async throws -> String {
    let deadline = ContinuousClock.now + Patience.limit
    while ContinuousClock.now < deadline {
      if let text = try? String(contentsOfFile: file, encoding: .utf8), text.hasSuffix("\n") { return text }
      try await Task.sleep(for: .milliseconds(5))
    }
    return ""
  }

  @Test
  func `a program gets its arguments and variables as they are`() async throws {
    let folder = try TemporaryFolder()
    let script = #"printf '%s|%s|%s' "$1" "$2" "$SWIFTCHAT_TEXT" > "$0.new"; echo >> "$0.new"; mv "$0.new" "$0""#
    let text = #"$(touch x) `id` ; "quoted" * -n \ end"#
    ProgramRunner().run(
      ["sh", "-c", script, folder.file("out"), text, "--help"], ["SWIFTCHAT_TEXT": text],
      failed: { Issue.record("\($0)") })
    #expect(try await contents(of: folder.file("out")) == "\(text)|--help|\(text)\n")
  }

  @Test
  func `a program inherits neither descriptors nor the terminal`() async throws {
    let folder = try TemporaryFolder()
    let descriptor = open("/dev/null", O_RDONLY)
    defer { close(descriptor) }
    // Not close-on-exec, like the sockets of the network library.
    let script =
      #"(ls -l /proc/self/fd 2>/dev/null | grep -c ' -> ' ; test -t 0 || echo no) > "$0.new"; mv "$0.new" "$0""#
    ProgramRunner().run(["sh", "-c", script, folder.file("out")], failed: { Issue.record("\($0)") })
    let lines = try await contents(of: folder.file("out")).split(separator: "\n")
    #expect(lines.last == "no")
    #if os(Linux)
      // The three streams, the pipe's or file's own, and the listed directory.
      #expect(lines.first.flatMap { Int($0) }.map { $0 <= 5 } == true, "\(lines)")
    #endif
  }

  #if os(Linux)
    @Test
    func `a program does not inherit descriptors that other threads open while it is started`() async throws {
      let folder = try TemporaryFolder()
      let isOver = Atomic(false)
      // Like sockets of the network library on another thread: each is larger than all before it.
      let thread = Thread {
        while !isOver.load(ordering: .relaxed) {
          let opened = (1...8).map { fcntl(STDIN_FILENO, F_DUPFD, $0 * 100) }
          for descriptor in opened where descriptor >= 0 { close(descriptor) }
        }
        isOver.store(false, ordering: .releasing)
      }
      thread.start()
      for round in 0..<20 {
        let script = #"(cd /proc/self/fd && echo [0-9]*) > "$0.new"; mv "$0.new" "$0""#
        ProgramRunner().run(["sh", "-c", script, folder.file("\(round)")], failed: { Issue.record("\($0)") })
        let numbers = try await contents(of: folder.file("\(round)")).split(whereSeparator: \.isWhitespace)
        // The shell has copies of its streams beyond 9.
        #expect(numbers.allSatisfy { Int($0) ?? 0 < 50 }, "\(numbers)")
      }
      isOver.store(true, ordering: .relaxed)
      while isOver.load(ordering: .acquiring) { try await Task.sleep(for: .milliseconds(1)) }
    }
  #endif

  @Test
  func `a program that cannot run is reported`() async throws {
    let problem = await withCheckedContinuation { continuation in
      ProgramRunner().run(["/nowhere/notify", "x"]) { continuation.resume(returning: $0.description) }
    }
    #expect(problem.hasPrefix("\"/nowhere/notify\" cannot run: "), "\(problem)")
  }

  @Test
  func `without a time limit any number of programs runs`() async throws {
    let folder = try TemporaryFolder()
    let runner = ProgramRunner(patience: nil)
    let script = #"echo $$ > "$0.new"; mv "$0.new" "$0"; exec sleep 1000"#
    var processes: [pid_t] = []
    defer { for process in processes { kill(process, SIGKILL) } }
    for number in 0..<6 {
      runner.run(["sh", "-c", script, folder.file("\(number)")], failed: { Issue.record("\($0)") })
      processes.append(try #require(pid_t(try await contents(of: folder.file("\(number)")).dropLast())))
    }
    #expect(processes.allSatisfy { kill($0, 0) == 0 })
  }

  @Test
  func `a program that does not end is ended, and only four run at a time`() async throws {
    let folder = try TemporaryFolder()
    let runner = ProgramRunner(patience: 10_000)
    for number in 0..<50 {
      // The file shows that the program ran, and its pid shows whether it has ended.
      let script = #"echo $$ > "$0.new"; mv "$0.new" "$0"; sleep 1000"#
      runner.run(["sh", "-c", script, folder.file("\(number)")], failed: { Issue.record("\($0)") })
    }
    let first = try await contents(of: folder.file("0"))
    let process = try #require(pid_t(first.dropLast()))
    let deadline = ContinuousClock.now + Patience.limit
    while kill(process, 0) == 0, ContinuousClock.now < deadline { try await Task.sleep(for: .milliseconds(5)) }
    #expect(kill(process, 0) != 0)
    #expect(try folder.files.filter { !$0.hasSuffix(".new") }.count <= 4)
  }
}
