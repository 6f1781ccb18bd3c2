import CommandSupport
import Foundation
import Platform
import Synchronization

/// An editor on the terminal, in the foreground and in the same job as this process, so that signals of the keyboard
/// and the shell's job control reach both.
final class EditorProcess: Sendable {
  /// The end of a process.
  enum EditorEnd: Hashable, Sendable {
    case exited(Int32)
    case signalled(Int32)
  }

  enum EditorChange: Sendable {
    case stopped
    case ended(EditorEnd)
  }

  private let process: pid_t
  private let isReaped = Mutex(false)

  /// The command that the environment names: `$VISUAL`, `$EDITOR` or `vi`. May contain arguments.
  static func command(_ value: (String) -> String? = environmentValue) -> String {
    ["VISUAL", "EDITOR"].lazy.compactMap(value).first { $0.contains { !$0.isWhitespace } } ?? "vi"
  }

  /// The command line for the shell, with the file as `$1`. The shell replaces itself by the editor, so that the
  /// signals to the process, and its stops, are the editor's own. If there is more than one command, or an assignment,
  /// the shell cannot replace itself; it then catches the signals of the keyboard, so that it does not end before the
  /// editor.
  static func script(_ command: String) -> String {
    let isOneProgram =
      !command.contains { ";&|<>(){}\n".contains($0) }
      && command.split { $0.isWhitespace }.first?.contains("=") == false
    return isOneProgram ? "exec \(command) \"$1\"" : "trap : INT QUIT; \(command) \"$1\""
  }

  /// Starts the editor. The terminal must have been released.
  /// - Parameters:
  ///   - command: for the shell, which splits and expands it, as other programs do with `$EDITOR`.
  ///   - changed: called on a thread of its own; `.ended` comes last.
  init(
    _ command: String, file: String, changed: @escaping @Sendable (EditorChange) -> Void
  ) throws(ProgramRunner.Problem) {
    process = try ProgramRunner.spawn(["/bin/sh", "-c", Self.script(command), "sh", file], hasTerminal: true)
    Thread.detachNewThread { [self] in follow(changed) }
  }

  /// Whether the editor is stopped at this moment, for instance by its own Ctrl+Z.
  var isStopped: Bool {
    var info = siginfo_t()
    // The stop was reported without removing the report: until the process continues, there is one.
    let outcome = waitid(P_PID, id_t(process), &info, Int32(WSTOPPED) | Int32(WNOWAIT) | Int32(WNOHANG))
    return outcome == 0 && info.si_signo == SIGCHLD
  }

  /// Sends a signal, unless the process has ended.
  func signal(_ number: Int32) {
    isReaped.withLock { if !$0 { kill(process, number) } }
  }

  private func follow(_ changed: (EditorChange) -> Void) {
    var isStopped = false
    while true {
      var info = siginfo_t()
      let awaited = Int32(WEXITED) | Int32(WCONTINUED) | (isStopped ? 0 : Int32(WSTOPPED))
      // Leaves the process as it is, so that its number cannot be reused before `isReaped` is set.
      guard waitid(P_PID, id_t(process), &info, awaited | Int32(WNOWAIT)) == 0 else {
        if errno == EINTR { continue }
        return changed(.ended(.exited(0)))
      }
      switch info.si_code {
      case Int32(CLD_STOPPED):
        isStopped = true
        changed(.stopped)
      case Int32(CLD_CONTINUED):
        isStopped = false
        waitid(P_PID, id_t(process), &info, Int32(WCONTINUED) | Int32(WNOHANG))
      default: return changed(.ended(reap()))
      }
    }
  }

  private func reap() -> EditorEnd {
    isReaped.withLock { isReaped in
      var status: Int32 = 0
      while waitpid(process, &status, 0) < 0, errno == EINTR {}
      isReaped = true
      let signal = status & 0x7f
      return signal == 0 ? .exited(status >> 8 & 0xff) : .signalled(signal)
    }
  }
}
