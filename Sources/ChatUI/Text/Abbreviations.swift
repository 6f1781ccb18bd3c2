import TerminalTypes

/// Unique short forms of names that are too wide: the beginning of the name or, if several names share it, the
/// beginning and a distinguishing part.
struct Abbreviations {
  private let width: Int
  /// The forms of names with the same beginning.
  private var forms: [String: String] = [:]

  /// The limit for wide names that get unique forms.
  private static let maximumNames = 200

  /// - Parameters:
  ///   - names: may contain duplicates.
  ///   - width: the available columns.
  init(_ names: some Sequence<String>, width: Int) {
    self.width = width
    var known: Set<String> = []
    var groups: [String: [String]] = [:]
    // A character never takes more columns than bytes.
    for name in names where name.utf8.count > width && name.cellWidth > width {
      guard known.insert(name).inserted else { continue }
      groups[name.truncated(to: width), default: []].append(name)
      if known.count == Self.maximumNames { break }
    }
    var taken = Set(groups.compactMap { $0.value.count == 1 ? $0.key : nil })
    for group in groups.values.filter({ $0.count > 1 }).map({ $0.sorted() }).sorted(by: { $0[0] < $1[0] }) {
      for (name, form) in zip(group, Self.forms(of: group, width: width, butFor: taken)) {
        forms[name] = form
        taken.insert(form)
      }
    }
  }

  init() { width = .max }

  /// The name if it fits, otherwise its short form.
  func form(of name: String, width: Int) -> String {
    guard width == self.width, let form = forms[name] else { return name.truncated(to: width) }
    return form
  }

  private static func forms(of names: [String], width: Int, butFor taken: Set<String>) -> [String] {
    func areDistinct(_ forms: [String]) -> Bool {
      let all = Set(forms)
      return all.count == forms.count && all.isDisjoint(with: taken) && forms.allSatisfy { $0.cellWidth <= width }
    }
    for tail in max(width / 3, 1)..<max(width - 1, 2) {
      let forms = names.map { $0.shortened(toTail: tail, width: width) }
      if areDistinct(forms) { return forms }
    }
    // The names differ in the middle.
    let characters = names.map(Array.init)
    let shortest = characters.map(\.count).min() ?? 0
    let same = (0..<shortest).first { place in characters.contains { $0[place] != characters[0][place] } } ?? shortest
    let forms = characters.map { name in
      let head = String(name.prefix(2)) + "…"
      return head + String(name.dropFirst(same)).truncated(to: width - head.cellWidth)
    }
    if areDistinct(forms) { return forms }
    var number = 0
    return names.map { name in
      while true {
        number += 1
        let sign = "…\(number)"
        let form = name.beginning(max(width - sign.cellWidth, 0)) + sign
        if !taken.contains(form) { return form }
      }
    }
  }
}

extension String {
  fileprivate func shortened(toTail columns: Int, width: Int) -> String {
    let tail = String(String(reversed()).beginning(columns).reversed())
    return beginning(max(width - 1 - tail.cellWidth, 0)) + "…" + tail
  }

  /// The longest beginning that fits.
  fileprivate func beginning(_ columns: Int) -> String {
    var result = ""
    var used = 0
    for character in self {
      used += character.cellWidth
      if used > columns { break }
      result.append(character)
    }
    return result
  }
}
