import ChatProtocol

/// The match of a name with a typed stem, for completion.
enum NameMatch {
  case beginning
  /// A word inside the name begins with the stem: `bot` in `[bot]`, `doe` in `j.doe`.
  case word

  /// - Parameter stem: in the form of `foldedForSearch`.
  init?(_ stem: String, in name: String) {
    let name = name.foldedForSearch()
    if name.begins(withFolded: stem) {
      self = .beginning
      return
    }
    let scalars = name.unicodeScalars
    var left: Unicode.Scalar?
    for index in scalars.indices {
      let scalar = scalars[index]
      if WordBoundary.isBetween(left, scalar), String(name[index...]).begins(withFolded: stem) {
        self = .word
        return
      }
      left = scalar
    }
    return nil
  }
}
