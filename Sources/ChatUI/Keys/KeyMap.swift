import TerminalTypes

/// The keys of each action: the default ones, as changed by a preset and by the user.
public struct KeyMap: Hashable, Sendable, Codable {
  private let actions: [Key: KeyAction]
  /// The keys that help lists.
  private let listed: [KeyAction: [Key]]

  public static let standard = KeyMap()

  /// - Parameter changes: the keys that the user chose; an empty list leaves the action without keys. They are taken
  ///   from the actions that have them by default or by the preset. If two actions have the same key here, one of them
  ///   gets it.
  public init(preset: KeyPreset = .standard, changes: [KeyAction: [Key]] = [:]) {
    let preset = preset.changes
    var actions: [Key: KeyAction] = [:]
    func bind(_ key: Key, _ action: KeyAction) { if actions[key] == nil { actions[key] = action } }
    for (action, keys) in changes { for key in keys { bind(key, action) } }
    for (action, keys) in preset where changes[action] == nil { for key in keys { bind(key, action) } }
    let rest = KeyBinding.all.filter { changes[$0.action] == nil }
    for binding in rest where preset[binding.action] == nil { for key in binding.keys { bind(key, binding.action) } }
    for binding in rest { for key in binding.unlisted { bind(key, binding.action) } }
    self.actions = actions
    var listed: [KeyAction: [Key]] = [:]
    for binding in KeyBinding.all {
      let keys = changes[binding.action] ?? preset[binding.action] ?? binding.keys
      listed[binding.action] = keys.filter { actions[$0] == binding.action }
    }
    self.listed = listed
  }

  func action(for key: Key) -> KeyAction? { actions[key] }

  /// The keys of an action, without those for other keyboard layouts.
  public func keys(for action: KeyAction) -> [Key] { listed[action] ?? [] }

  /// The name of an action's first key, for hints; nil if it has none.
  func shortcut(_ action: KeyAction) -> String? { keys(for: action).first?.description }

  /// The keys of a row of help: the first keys of its actions, then the second ones. Nil if there are none.
  func label(of row: KeyBinding.HelpRow) -> String? {
    let keys = row.bindings.map { self.keys(for: $0.action).map(\.description) }
    // A row for each tab would fill the page.
    if keys.count > 4, keys.allSatisfy({ $0.count == 1 }) {
      let names = keys.flatMap(\.self)
      return "\(names[0]) … \(names[names.count - 2]), \(names[names.count - 1])"
    }
    let columns = (0..<(keys.map(\.count).max() ?? 0)).map { index in
      keys.compactMap { index < $0.count ? $0[index] : nil }.joined(separator: " ")
    }
    return columns.isEmpty ? nil : columns.joined(separator: ", ")
  }
}
