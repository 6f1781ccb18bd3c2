import ArgumentParser
import CommandSupport
import Platform
import Terminal

/// `swiftchat doctor`
struct Doctor: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Check the terminal, and say how to fix it.",
    discussion: """
      Checks the locale, TERM, colours, tmux, focus reports, bracketed paste, the clipboard, the Alt key and the widths of \
      characters. Each line begins with "ok", with "fix" and what to do, or with "?" if it cannot be found out. The exit \
      code is 1 if there is something to fix.

      Without a terminal, it checks what it can.
      """)

  @Flag(help: "Do not ask for a press of Alt+A.")
  var noKeys = false

  func run() throws {
    ignoreBrokenPipes()
    try StandardOutput.check()
    let diagnosis = Diagnosis(of: facts())
    for finding in diagnosis.findings { try announce(finding.description) }
    if !diagnosis.isWell { throw ExitCode.failure }
  }

  private func facts() -> DoctorFacts {
    var facts = DoctorFacts()
    facts.encoding = LocaleEncoding.adopt()
    // The first one that is not empty (POSIX, 8.2).
    facts.locale = ["LC_ALL", "LC_CTYPE", "LANG"].lazy.compactMap(environmentValue).first { !$0.isEmpty } ?? ""
    facts.type = environmentValue("TERM") ?? ""
    facts.entry = TerminalType(named: facts.type)
    facts.noColor = !(environmentValue("NO_COLOR") ?? "").isEmpty
    facts.program = environmentValue("TERM_PROGRAM") ?? ""
    if !(environmentValue("TMUX") ?? "").isEmpty { facts.tmux = TmuxOptions.load() }
    facts.isTerminal = TerminalDialogue.isPossible
    // A terminal without cursor movement would show the questions as text.
    guard facts.isTerminal, facts.entry?.canMoveCursor == true else { return facts }
    let questions = TerminalAnswers.questions(asksStrings: facts.readsStrings)
    let answers = TerminalDialogue.ask(questions, patience: .seconds(2)) { bytes in
      let answers = TerminalAnswers(bytes)
      return answers.isComplete || answers.isInterrupted
    }
    facts.answers = answers.map { TerminalAnswers($0) }
    if !noKeys, facts.answers?.isInterrupted != true {
      let key = TerminalDialogue.ask(AltAnswer.question, patience: .seconds(60), isComplete: AltAnswer.isComplete)
      facts.alt = key.map { AltAnswer($0) }
      write("\r\u{1b}[K", to: STDOUT_FILENO)
    }
    return facts
  }
}
