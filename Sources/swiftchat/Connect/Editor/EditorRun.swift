import ChatUI
import CommandSupport
import Dispatch
import Platform
import Terminal

/// Runs the editor for one message: releases the terminal, waits for the editor, and reads its text.
@MainActor
final class EditorRun {
  private let terminal: Terminal
  private let draft: DraftFile
  private let command: String
  private var process: EditorProcess?
  /// Whether the program waits for the editor in order to exit.
  private(set) var isEnding = false

  /// In seconds: an editor that is asked to end saves a recovery file first.
  private static let patience = 2.0

  /// Starts the editor.
  /// - Parameter completion: called once on the main actor after the editor has ended, with the terminal taken back.
  ///   Not called if this throws.
  /// - Throws: `Failure` if the editor cannot start; the terminal is then as before.
  init(
    _ text: String, command: String = EditorProcess.command(), on terminal: Terminal,
    then completion: @escaping @MainActor (CompositionResult) -> Void
  ) throws(Failure) {
    self.terminal = terminal
    self.command = command
    draft = try DraftFile(text)
    terminal.pause()
    do throws(ProgramRunner.Problem) {
      process = try EditorProcess(command, file: draft.path) { change in
        DispatchQueue.main.async { MainActor.assumeIsolated { self.take(change, completion) } }
      }
    } catch {
      terminal.resume()
      draft.remove()
      throw Failure(error.description)
    }
  }

  private func take(
    _ change: EditorProcess.EditorChange, _ completion: @escaping @MainActor (CompositionResult) -> Void
  ) {
    switch change {
    case .stopped: stopIfNecessary()
    case .ended(let end):
      terminal.resume()
      completion(result(end))
    }
  }

  /// Stops this process with the editor if the editor stopped itself alone. A signal to the whole job stops both, and
  /// is reported a moment later.
  private func stopIfNecessary() {
    let stops = terminal.stopsWhilePaused
    DispatchQueue.main.asyncAfter(deadline: .now() + 0.2) {
      MainActor.assumeIsolated {
        guard let process = self.process, process.isStopped, self.terminal.stopsWhilePaused == stops else { return }
        // Without a shell that could continue the job, the editor goes on.
        if !self.terminal.stopWhilePaused() { process.signal(SIGCONT) }
      }
    }
  }

  /// Asks the editor to end, because the program has to; the second time, and after a while, ends it.
  func end() {
    guard !isEnding else { return process?.signal(SIGKILL) ?? () }
    isEnding = true
    process?.signal(SIGTERM)
    process?.signal(SIGCONT)
    DispatchQueue.main.asyncAfter(deadline: .now() + Self.patience) { [process] in process?.signal(SIGKILL) }
  }

  // MARK: The text

  /// The text in the draft file, which is removed unless something in it would be lost.
  private func result(_ end: EditorProcess.EditorEnd) -> CompositionResult {
    let text: String?
    do {
      text = try draft.text()
    } catch {
      return .unchanged(problem: "the text of your editor cannot be read, and stays there: \(error)")
    }
    if let text, !Interface.canHold(text) {
      return .unchanged(problem: "the text of your editor is too long for the input: it stays in \(draft.path)")
    }
    var problem = problem(end)
    if problem != nil, draft.hasOtherFiles {
      problem = problem.map { "\($0); it left files in \(draft.folder)" }
    } else {
      draft.remove()
    }
    guard let text else {
      return .unchanged(problem: problem ?? "your editor removed the draft: the input is unchanged")
    }
    return draft.isUnchanged(text) ? .unchanged(problem: problem) : .text(text, problem: problem)
  }

  private func problem(_ end: EditorProcess.EditorEnd) -> String? {
    let name = "your editor \(ConfigurationValue.string(command))"
    switch end {
    case .exited(0): return nil
    case .exited(126), .exited(127): return "\(name) cannot run: set EDITOR to another one"
    case .exited(let status): return "\(name) ended with status \(status)"
    case .signalled(let number): return "\(name) was ended by signal \(number)"
    }
  }
}
