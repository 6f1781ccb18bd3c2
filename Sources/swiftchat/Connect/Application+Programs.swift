import ChatModel
import ChatUI
import CommandSupport
import Dispatch
import Terminal

// Programs that the user chose, and the settings.

extension Application {
  func compose() {
    guard !isLeaving, editor == nil, let terminal = display.terminal else { return }
    keep()
    handle([.composing])
    do throws(Failure) {
      editor = try EditorRun(interface.textToCompose, on: terminal) { [weak self] result in
        guard let self else { return }
        let isEnding = editor?.isEnding == true
        editor = nil
        handle([.composed(result)])
        if isEnding { leave() } else { draw() }
      }
    } catch {
      handle([.composed(.unchanged(problem: error.description))])
      draw()
    }
  }

  func notify(_ notification: Notification) {
    let settings = options.settings.running
    display.notify(settings.notificationSequence, title: notification.place, text: notification.text)
    guard let command = settings[ClientSetting.notifyCommand] else { return }
    let variables = [
      "SWIFTCHAT_PLACE": notification.place, "SWIFTCHAT_AUTHOR": notification.author,
      "SWIFTCHAT_TEXT": notification.text,
    ]
    let words = command + [notification.place, notification.text]
    run(words, variables, by: programs, for: ClientSetting.notifyCommand.name)
  }

  func open(_ link: String) {
    guard let command = options.settings.running[ClientSetting.openLinksWith] else { return }
    programProblem = nil
    run(command + [link], by: linkPrograms, for: ClientSetting.openLinksWith.name)
  }

  /// Runs the program that a setting names. The same problem is reported only once in succession.
  private func run(
    _ words: [String], _ variables: [String: String] = [:], by programs: ProgramRunner, for setting: String
  ) {
    programs.run(words, variables) { [weak self] problem in
      DispatchQueue.main.async {
        MainActor.assumeIsolated {
          guard let self, self.programProblem != problem.description else { return }
          self.programProblem = problem.description
          self.handle([.notice("\(setting): \(problem)")])
          self.draw()
        }
      }
    }
  }

  // MARK: Settings

  /// - Parameter onlyIfChanged: whether to do nothing if the file has not changed.
  func reload(onlyIfChanged: Bool = false) {
    options.settings.reload(onlyIfChanged: onlyIfChanged) { [weak self] outcome in
      guard let self, !isLeaving else { return }
      switch outcome {
      case .unchanged: return
      case .failed(let reason): handle([.notice("the settings stay as they are: \(reason)")])
      case .applied(let settings, let summary):
        display.terminal?.setColors(settings.theme, settings.colors)
        display.terminal?.setHyperlinks(settings.hyperlinks)
        handle([.preferences(settings.preferences), .notice(summary)])
      }
      draw()
    }
  }
}
