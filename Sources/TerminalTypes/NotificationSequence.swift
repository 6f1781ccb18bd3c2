/// A control sequence by which terminals show notifications.
public enum NotificationSequence: String, CaseIterable, Hashable, Sendable {
  case none
  /// iTerm2, WezTerm, Windows Terminal.
  case osc9
  /// rxvt-unicode, VTE, foot, Ghostty.
  case osc777
  /// kitty.
  case osc99

  /// The bytes for a notification; empty for `none`. No text can end the sequence or add a field to it.
  /// - Parameters:
  ///   - title: a short text.
  ///   - text: one line. It contains the title's information, since `osc9` has no title.
  public func bytes(title: String, text: String) -> [UInt8] {
    let (title, text) = (title.withoutControls(upTo: 300), text.withoutControls(upTo: 300))
    switch self {
    case .none: return []
    // A number at the beginning selects another function in ConEmu and Windows Terminal.
    case .osc9: return Array("\u{1b}]9;\(text.first?.isNumber == true ? " " : "")\(text)\u{07}".utf8)
    case .osc777:
      let fields = [title, text].map { $0.replacing(";", with: ",") }
      return Array("\u{1b}]777;notify;\(fields[0]);\(fields[1])\u{07}".utf8)
    case .osc99:
      let parts = [("d=0", title), ("d=1:p=body", text)]
      return parts.flatMap { part, text in
        Array("\u{1b}]99;i=swiftchat:e=1:\(part);".utf8) + Base64.encode(text.utf8) + Array("\u{1b}\\".utf8)
      }
    }
  }

  /// Wraps the sequence for the terminal behind tmux, which has to be allowed to pass it on.
  public static func wrappedForTmux(_ bytes: [UInt8]) -> [UInt8] {
    guard !bytes.isEmpty else { return [] }
    return Array("\u{1b}Ptmux;".utf8) + bytes.flatMap { $0 == 0x1b ? [0x1b, 0x1b] : [$0] } + Array("\u{1b}\\".utf8)
  }
}

extension String {
  /// The text without control characters, which could end a control sequence.
  /// - Parameter count: the maximum number of scalars.
  package func withoutControls(upTo count: Int) -> String {
    let scalars = unicodeScalars.lazy.filter { $0.value >= 0x20 && !(0x7f...0x9f).contains($0.value) }
    return String(String.UnicodeScalarView(scalars.prefix(count)))
  }
}
