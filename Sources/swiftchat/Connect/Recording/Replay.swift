import ArgumentParser
import ChatProtocol
import ChatUI
import CommandSupport
import Platform
import Terminal
import TerminalTypes

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Shows a recording: in a terminal step by step, otherwise the last screen as text. Prints the lines of a client without
/// a screen.
@MainActor
final class Replay {
  private let contents: RecordingFile.Contents
  private var interface: Interface
  /// The number of steps that were played.
  private var played = 0
  private var finish: CheckedContinuation<Void, Never>?

  /// - Throws: `Failure` if the recording cannot be read, or the copy cannot be written.
  static func run(_ path: String, blank: Bool, copy: String?) async throws {
    var contents = try RecordingFile.read(path)
    if blank { contents = try blanked(contents) }
    if let copy { return try write(contents, to: copy) }
    if contents.start.lineStyle != nil {
      return try StandardOutput.write(lines(contents).map { $0 + "\n" }.joined())
    }
    let replay = Replay(contents)
    if isatty(STDIN_FILENO) == 1, isatty(STDOUT_FILENO) == 1 {
      try await replay.show()
    } else {
      replay.goTo(contents.steps.count)
      try StandardOutput.write(replay.interface.render().screen.drawable.rows.joined(separator: "\n") + "\n")
    }
  }

  private init(_ contents: RecordingFile.Contents) {
    self.contents = contents
    interface = contents.start.interface
    interface.finishUpdates()
  }

  /// The lines that the client printed.
  static func lines(_ contents: RecordingFile.Contents) -> [String] {
    var interface = contents.start.interface
    for step in contents.steps { interface.play(step) }
    // The names of servers in the file may be anything.
    return interface.takeLines().map { DisplayText.sanitize($0) }
  }

  // MARK: Copies

  static func blanked(_ contents: RecordingFile.Contents) throws -> RecordingFile.Contents {
    var blanking = Blanking()
    let start = try blanking.blank(contents.start)
    let steps = try contents.steps.map { try blanking.blank($0) }
    let decoder = JSONDecoder()
    return RecordingFile.Contents(
      start: try decoder.decode(Recording.Start.self, from: Data(start)),
      steps: try steps.map { try decoder.decode(Recording.Step.self, from: Data($0)) })
  }

  private static func write(_ contents: RecordingFile.Contents, to path: String) throws {
    let recorder = try Recorder(path, blanking: nil)
    recorder.record(contents.start)
    for step in contents.steps { recorder.record(step) }
    try recorder.close()
  }

  // MARK: Playing

  private func goTo(_ count: Int) {
    let count = min(max(count, 0), contents.steps.count)
    if count < played {
      interface = contents.start.interface
      interface.finishUpdates()
      played = 0
    }
    while played < count {
      interface.play(contents.steps[played])
      played += 1
    }
  }

  private func show() async throws {
    let terminal: Terminal
    do { terminal = try Terminal(Terminal.TerminalOptions(title: "replay")) } catch { throw Failure(error.description) }
    func draw() {
      terminal.draw(interface.render().screen.drawable)
      terminal.setTitle("replay: step \(played) of \(contents.steps.count)")
    }
    draw()
    await withCheckedContinuation { continuation in
      finish = continuation
      terminal.start({ [weak self] in self?.receive($0) }, batchEnded: draw)
    }
    terminal.close()
  }

  private func receive(_ event: TerminalEvent) {
    switch event {
    case .key(let key): press(key)
    case .terminated, .hungUp: leave()
    case .paste, .mouse, .resized, .focus, .reloadRequested: break
    }
  }

  private func press(_ key: Key) {
    switch key {
    case .character(" "), Key(.right), Key(.down), Key(.enter): goTo(played + 1)
    case Key(.left), Key(.up), Key(.backspace): goTo(played - 1)
    case Key(.pageDown): goTo(played + 10)
    case Key(.pageUp): goTo(played - 10)
    case Key(.home): goTo(0)
    case Key(.end): goTo(contents.steps.count)
    case .character("q"), Key(.escape), .control("c"), .control("q"): leave()
    default: break
    }
  }

  private func leave() {
    finish?.resume()
    finish = nil
  }
}
