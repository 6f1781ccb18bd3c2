import Foundation

/// A shell process that waits for the end of a workspace, then kills the processes started in it and removes its
/// folder.
///
/// It waits by reading from the tests' process, so that it also cleans up after a crash or kill of the tests.
final class Guardian: Sendable {
  private static let script = """
    trap '' HUP INT TERM
    processes=
    while read -r what process; do
      others=
      for other in $processes; do
        [ "$other" = "$process" ] || others="$others $other"
      done
      processes=$others
      [ "$what" = forget ] || processes="$processes $process"
    done
    for process in $processes; do
      # With its group, if it leads one: a program in a terminal may have started others.
      kill -KILL "-$process" 2>/dev/null
      kill -KILL "$process" 2>/dev/null
    done
    [ ! -S "$1/tmux" ] || tmux -S "$1/tmux" kill-server 2>/dev/null
    # A process that was just killed, or that only lost its terminal, may still be writing.
    attempts=0
    until rm -rf "$1" 2>/dev/null || [ "$attempts" -ge 500 ]; do
      attempts=$((attempts + 1))
      sleep 0.2
    done
    # Names what is left.
    rm -rf "$1"
    """

  private let shell: ChildProcess

  init(of folder: String) throws {
    shell = try ChildProcess(
      executable: "/bin/sh", arguments: ["-c", Self.script, "guardian", folder],
      environment: ["PATH": ProcessInfo.processInfo.environment["PATH", default: "/usr/bin:/bin"]],
      folder: "/", whenEnded: { _ in })
  }

  func remember(_ process: pid_t) {
    shell.writeAtOnce("remember \(process)\n")
  }

  func forget(_ process: pid_t) {
    shell.writeAtOnce("forget \(process)\n")
  }

  /// Ends and removes everything.
  /// - Returns: a description of a failure; nil if there was none.
  func close() async -> String? {
    shell.closeInput()
    let status = try? await shell.end()
    return status == .exited(0) && shell.errors.isEmpty ? nil : shell.report
  }
}
