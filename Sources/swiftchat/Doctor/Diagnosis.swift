import ChatProtocol

/// The findings about this terminal, with a fix for each fault. Each finding is one line.
struct Diagnosis {
  let findings: [Finding]

  /// Whether nothing needs to be fixed.
  var isWell: Bool { !findings.contains { $0.outcome == .fault } }

  init(of facts: DoctorFacts) {
    var findings = [Self.locale(facts), Self.type(facts), Self.colors(facts)]
    findings += Self.tmux(facts)
    findings += [Self.focus(facts), Self.paste(facts), Self.clipboard(facts), Self.alt(facts), Self.widths(facts)]
    self.findings = findings
  }

  private static let noTerminal = "not checked: standard input and output are no terminal"
  private static let silent = "the terminal does not say"

  private static func locale(_ facts: DoctorFacts) -> Finding {
    let name = facts.locale.isEmpty ? "no locale is set" : DisplayText.sanitize(facts.locale)
    return switch facts.encoding {
    case .utf8: .fine("locale", name)
    case .replaced:
      .fault("locale", "\(name), which is not UTF-8; set LANG=C.UTF-8, so that other programs draw the same characters")
    case .missing:
      .fault("locale", "this system has no UTF-8 locale, and only ASCII can be shown; install C.UTF-8 or en_US.UTF-8")
    }
  }

  private static func type(_ facts: DoctorFacts) -> Finding {
    let type = DisplayText.sanitize(facts.type)
    guard !facts.type.isEmpty else {
      return facts.isTerminal
        ? .fault("TERM", "not set; set it to the terminal's type, such as xterm-256color")
        : .unknown("TERM", noTerminal)
    }
    guard let entry = facts.entry else {
      return .fault("TERM", "\(type) is unknown on this system; install its terminfo entry, or set TERM=xterm-256color")
    }
    guard entry.canMoveCursor else {
      return .fault("TERM", "\(type) cannot show a full screen; if the terminal can, set TERM=xterm-256color")
    }
    return .fine("TERM", type)
  }

  private static func colors(_ facts: DoctorFacts) -> Finding {
    if facts.noColor { return .fine("colours", "switched off by NO_COLOR") }
    guard let entry = facts.entry else { return .unknown("colours", "not known, like the type") }
    if entry.colors >= 256 { return .fine("colours", "\(entry.colors)") }
    if entry.colors >= 8 {
      return .fine("colours", "\(entry.colors); most terminals have 256 with TERM=xterm-256color")
    }
    return .fault("colours", "none with this type; set TERM=xterm-256color if the terminal has colours")
  }

  // MARK: tmux

  private static func tmux(_ facts: DoctorFacts) -> [Finding] {
    guard let options = facts.tmux else { return [] }
    guard !options.isEmpty else { return [.unknown("tmux", "its options cannot be read; is tmux in the PATH?")] }
    var findings: [Finding] = []
    if facts.type.hasPrefix("screen") || facts.type.hasPrefix("tmux") {
      findings.append(.fine("tmux", "inside it TERM is \(DisplayText.sanitize(facts.type))"))
    } else {
      findings.append(
        .fault("tmux", "inside it TERM must be tmux-256color or screen-256color; do not set TERM yourself"))
    }
    guard let delay = options["escape-time"].flatMap({ Int($0) }) else { return findings }
    findings.append(
      delay <= 100
        ? .fine("tmux delay after Esc", "\(delay) ms")
        : .fault("tmux delay after Esc", "\(delay) ms, so that Esc is slow; in ~/.tmux.conf: set -sg escape-time 25"))
    return findings
  }

  // MARK: Reports of the terminal

  private static func focus(_ facts: DoctorFacts) -> Finding {
    let subject = "focus reports"
    if let options = facts.tmux, let value = options["focus-events"] {
      return value == "on"
        ? .fine(subject, "passed on by tmux")
        : .fault(subject, "tmux does not pass them on; in ~/.tmux.conf: set -g focus-events on")
    }
    return mode(
      TerminalAnswers.focusMode, subject, facts,
      missing: "the terminal has none: after 15 seconds without a key, messages stay unread")
  }

  private static func paste(_ facts: DoctorFacts) -> Finding {
    if facts.tmux?.isEmpty == false { return .fine("bracketed paste", "passed on by tmux") }
    return mode(
      TerminalAnswers.pasteMode, "bracketed paste", facts,
      missing: "the terminal does not mark pastes: several lines that arrive at once are treated as one")
  }

  private static func mode(_ mode: Int, _ subject: String, _ facts: DoctorFacts, missing: String) -> Finding {
    guard facts.isTerminal else { return .unknown(subject, noTerminal) }
    switch facts.answers?.modes[mode] {
    case nil: return .unknown(subject, silent)
    case 0: return .fault(subject, "\(missing); use a terminal that has them")
    default: return .fine(subject, "supported")
    }
  }

  private static func clipboard(_ facts: DoctorFacts) -> Finding {
    let subject = "clipboard (OSC 52)"
    if let value = facts.tmux?["set-clipboard"] {
      return value == "on"
        ? .fine(subject, "passed on by tmux, if the terminal permits it")
        : .fault(subject, "tmux ignores programs that copy; in ~/.tmux.conf: set -s set-clipboard on")
    }
    guard facts.isTerminal else { return .unknown(subject, noTerminal) }
    switch facts.answers?.setsClipboard {
    case true?: return .fine(subject, "supported")
    case false?, nil: return .unknown(subject, "\(silent); copy something in the client, and paste it elsewhere")
    }
  }

  private static func alt(_ facts: DoctorFacts) -> Finding {
    let isApple = facts.program == "Apple_Terminal"
    let fix =
      isApple
      ? "Settings, Profiles, Keyboard: Use Option as Meta key" : "make Alt send Escape in the terminal's settings"
    switch facts.alt {
    case .works: return .fine("Alt", "sends Escape")
    case .types(let text):
      return .fault("Alt", "Alt+A types \(DisplayText.sanitize(text)); \(fix), or press Esc and then the key")
    case .skipped, nil:
      return .unknown("Alt", "not tried; if an Alt key types a character: \(fix), or press Esc and then the key")
    }
  }

  private static func widths(_ facts: DoctorFacts) -> Finding {
    guard facts.isTerminal else { return .unknown("widths", noTerminal) }
    guard let widths = facts.answers?.widths else {
      return .unknown("widths", "\(silent) where the cursor is")
    }
    let wrong = zip(WidthSample.all, widths).filter { $0.expected != $1 }
    guard !wrong.isEmpty else { return .fine("widths", WidthSample.all.map(\.name).joined(separator: ", ")) }
    let names = wrong.map { "\($0.name) (\($1) columns in place of \($0.expected))" }.joined(separator: ", ")
    let isWide = wrong.contains { sample, _ in ["lines and dots", "Greek and Cyrillic"].contains(sample.name) }
    let fix =
      if facts.encoding == .missing {
        "a UTF-8 locale is missing"
      } else if isWide {
        "set ambiguous characters to narrow in the terminal"
      } else {
        "the terminal, or the C library, knows another version of Unicode: update it"
      }
    return .fault("widths", "\(names): \(fix)")
  }
}
