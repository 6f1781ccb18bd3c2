import ChatUI
import TerminalTypes

// The keys of the client.

extension ClientSetting {
  static let keys: [AnySetting<Self>] = [AnySetting(keyPreset)] + keyRows.map { AnySetting($0.setting) }

  static let keysDescription = """
    Keys. A key is written as Ctrl+N, Alt+Left, PgUp, F5 or Enter; several keys in a list, and [] for none. A key given \
    here is removed from its default action. Terminals send Ctrl+I, Ctrl+M and Ctrl+[ as Tab, \
    Enter and Esc, and Ctrl+H as Backspace or Ctrl+Backspace.
    """

  static let keyPreset = Row(
    "keys.preset", .choice, default: KeyPreset.standard,
    "The default keys: standard, or those of weechat, irssi or emacs.")

  /// The setting of each action.
  static let keyRows: [(action: KeyAction, setting: Row<[Key]>)] = KeyBinding.groups.flatMap { group in
    group.bindings.enumerated().map { index, binding in
      var row = Row("keys.\(binding.name)", .keys, example: binding.keys, index == 0 ? "\(group.title)." : "")
      row.note = binding.help
      return (binding.action, row)
    }
  }

  private static let actions = Dictionary(
    keyRows.map { ($0.setting.name, $0.action) }, uniquingKeysWith: { first, _ in first })

  /// The keys that an action has because of the preset, and because of other settings that took keys from it.
  static func impliedKeys(_ setting: AnySetting<Self>, by settings: ClientConfiguration) -> (
    value: String, reason: String
  )? {
    guard let action = actions[setting.name] else { return nil }
    let preset = settings[keyPreset] ?? .standard
    return (
      ConfigurationForm<[Key]>.keys.write(settings.keyMap.keys(for: action)),
      preset == .standard ? "default" : "preset \(preset.rawValue)"
    )
  }

  /// Two actions that the settings give the same key, or a missing key for sending.
  static func keyContradiction(in settings: ClientConfiguration) -> ConfigurationContradiction? {
    var owners: [Key: (row: Row<[Key]>, line: Int?)] = [:]
    for (_, row) in keyRows {
      let line = settings.origin(of: row)?.line
      for key in settings[row] ?? [] {
        guard let other = owners.updateValue((row, line), forKey: key), other.row.name != row.name else { continue }
        return ConfigurationContradiction(
          text: "\(key.spelling) is both \(other.row.name) and \(row.name)",
          lines: [other.line, line].compactMap { $0 }.sorted())
      }
    }
    if settings.keyMap.keys(for: .send).isEmpty {
      let row = keyRows.first { $0.action == .send }?.setting
      let line = row.flatMap { settings.origin(of: $0)?.line }
      return ConfigurationContradiction(text: "no key sends a message: keys.send", lines: line.map { [$0] } ?? [])
    }
    return nil
  }
}

extension Configuration<ClientSetting> {
  var keyMap: KeyMap {
    var changes: [KeyAction: [Key]] = [:]
    for (action, row) in ClientSetting.keyRows { changes[action] = self[row] }
    return KeyMap(preset: self[ClientSetting.keyPreset] ?? .standard, changes: changes)
  }
}

extension ConfigurationForm where Value == [Key] {
  /// One key or several.
  static let keys = ConfigurationForm(
    allowed: "a key or a list of keys", write: Self.written,
    read: { value in
      guard let words = words(in: value) else { return nil }
      var keys: [Key] = []
      for word in words {
        guard let key = try? Key(spelling: word) else { return nil }
        if !keys.contains(key) { keys.append(key) }
      }
      return keys
    },
    refusal: { value in
      for word in words(in: value) ?? [] {
        do throws(Key.SpellingError) { _ = try Key(spelling: word) } catch {
          return "but \(ConfigurationValue.string(word)) cannot be bound: \(error.reason)"
        }
      }
      return nil
    })

  @Sendable private static func written(_ keys: [Key]) -> String {
    let texts = keys.map { TOMLText.string($0.spelling) }
    return texts.count == 1 ? texts[0] : "[\(texts.joined(separator: ", "))]"
  }

  /// Nil if the value is not one or several texts.
  private static func words(in value: ConfigurationValue) -> [String]? {
    switch value {
    case .string(let text): [text]
    // A comma after a plus is itself a key, as in `Alt+,`; it does not separate two keys.
    case .text(let text):
      text.split(separator: ",", omittingEmptySubsequences: false).reduce(into: []) { words, part in
        if words.last?.hasSuffix("+") == true { words[words.count - 1] += ",\(part)" } else { words.append("\(part)") }
      }
    case .list(let values) where values.count <= 16:
      values.reduce(into: [String]?.some([])) { words, value in
        if case .string(let text) = value { words?.append(text) } else { words = nil }
      }
    default: nil
    }
  }
}
