import ChatProtocol

extension SortedRoster {
  /// Short forms for these names, distinct from those of all members of the roster.
  func abbreviations(for names: some Sequence<Nickname>, width: Int) -> Abbreviations {
    var known: Set<Nickname> = []
    // A character never takes more columns than bytes.
    let wide = names.filter { $0.text.utf8.count > width && $0.text.cellWidth > width && known.insert($0).inserted }
    if wide.isEmpty { return Abbreviations() }
    let resembling = wide.lazy.flatMap { self.names(resembling: $0, width: width) }
    return Abbreviations([AnySequence(wide), AnySequence(resembling)].joined().lazy.map(\.text), width: width)
  }
}
