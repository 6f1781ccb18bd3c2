import ArgumentParser
import ChatLog
import CommandSupport
import Platform

/// `swiftchat log verify`
struct LogVerify: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify",
    abstract: "Check the log for damage.",
    discussion: """
      Prints one line per fault, and then a summary. The exit code is 1 if there are faults.
      """
  )

  @OptionGroup var log: LogOption

  func run() throws {
    ignoreBrokenPipes()
    let directory = try log.directory()
    var findings = 0
    var output = OutputLines(STDOUT_FILENO)
    var failure: (any Error)?
    let summary = try LogArchive(directory: directory).verify { finding in
      findings += 1
      // The remaining findings are still counted.
      do { _ = try output.append(finding) } catch { failure = error }
    }
    if let failure { throw failure }
    try output.flush()
    try announce(
      "\(directory): \(summary.messages.counted("message")) in \(summary.conversations.counted("conversation")), "
        + "\(summary.indexed.grouped) in the index; "
        + (findings == 0 ? "no damage" : findings.counted("finding")))
    if findings > 0 { throw ExitCode.failure }
  }
}
