import TerminalTypes

/// A row of the table of key actions, which key handling, help, the settings file and the manual page read.
public struct KeyBinding: Sendable {
  public let action: KeyAction
  /// The name in the settings: `next-tab`.
  public let name: String
  /// The effect, in one line.
  public let help: String
  /// The keys by default.
  public let keys: [Key]
  /// Further keys by default, which help leaves out: for other keyboard layouts, or sent by few terminals.
  let unlisted: [Key]

  init(_ action: KeyAction, _ name: String, _ help: String, _ keys: [Key], unlisted: [Key] = []) {
    (self.action, self.name, self.help, self.keys, self.unlisted) = (action, name, help, keys, unlisted)
  }

  /// Bindings that help explains in one line.
  struct HelpRow: Sendable {
    let help: String
    let bindings: [KeyBinding]

    init(_ help: String, _ bindings: KeyBinding...) { (self.help, self.bindings) = (help, bindings) }
    init(_ help: String, _ bindings: [KeyBinding]) { (self.help, self.bindings) = (help, bindings) }

    /// One binding with its own help.
    init(_ action: KeyAction, _ name: String, _ help: String, _ keys: [Key], unlisted: [Key] = []) {
      self.init(help, KeyBinding(action, name, help, keys, unlisted: unlisted))
    }
  }

  /// Rows under one title of help.
  public struct KeyGroup: Sendable {
    public let title: String
    let rows: [HelpRow]

    public var bindings: [KeyBinding] { rows.flatMap(\.bindings) }
  }

  /// The table, in the order of help.
  public static let groups = [
    KeyGroup(title: "Tabs", rows: tabs), KeyGroup(title: "Reading", rows: reading),
    KeyGroup(title: "Typing", rows: typing),
    KeyGroup(title: "Screen", rows: screen),
  ]

  public static let all = groups.flatMap(\.bindings)
}
