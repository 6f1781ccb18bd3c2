import Foundation

/// Makes the `SearchText` of many texts. Faster than `SearchText.init`, because it caches the folded form of each
/// character.
///
/// Decomposition and case folding treat each character separately. Only the order of marks depends on adjacent
/// characters (The Unicode Standard, 3.11, "Canonical Ordering Behavior"): a text whose marks would be reordered is
/// folded as a whole.
package struct SearchTextFolder: Sendable {
  fileprivate struct Folded: Sendable {
    /// Nil if the character folds to nothing.
    var first: Unicode.Scalar?
    var role = WordRole.nothing
    var others: [(scalar: Unicode.Scalar, role: WordRole)] = []
    /// Combining classes of the first and the last character of the decomposition. Nil if there is no decomposition.
    var classes: (first: UInt8, last: UInt8)?
  }

  /// Index in `known` by character of the Basic Multilingual Plane; 0 if the character is not cached yet.
  private var places: [UInt16] = []
  private var known: [Folded] = []

  /// Maximum number of cached characters; no real text uses more.
  private static let maximumKnown = 50_000

  package init() {}

  package mutating func searchText(_ text: String) -> SearchText {
    if text.utf8.allSatisfy({ $0 < 0x80 }) { return SearchText(text) }
    if places.isEmpty {
      places = Array(repeating: 0, count: 0x1_0000)
      known = [Folded()]
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 2 + 2)
    var scanner = WordScanner()
    var lastClass: UInt8 = 0
    for scalar in text.unicodeScalars {
      let place = place(of: scalar)
      let isOrdered = withFolded(place, scalar) { folded in
        guard let classes = folded.classes else { return true }
        if classes.first != 0, lastClass > classes.first { return false }
        lastClass = classes.last
        guard let first = folded.first else { return true }
        scanner.scan(first, folded.role, into: &bytes)
        for other in folded.others { scanner.scan(other.scalar, other.role, into: &bytes) }
        return true
      }
      guard isOrdered else { return SearchText(text) }
    }
    if !bytes.isEmpty { bytes.append(SearchText.space) }
    return SearchText(bytes: bytes)
  }

  /// - Returns: 0 if the character is not cached.
  private mutating func place(of scalar: Unicode.Scalar) -> Int {
    guard scalar.value < 0x1_0000 else { return 0 }
    let place = Int(places[Int(scalar.value)])
    guard place == 0, known.count < Self.maximumKnown else { return place }
    known.append(Folded(scalar))
    places[Int(scalar.value)] = UInt16(known.count - 1)
    return known.count - 1
  }

  private func withFolded<Result>(_ place: Int, _ scalar: Unicode.Scalar, _ body: (borrowing Folded) -> Result)
    -> Result
  {
    place > 0 ? body(known[place]) : body(Folded(scalar))
  }
}

extension SearchTextFolder.Folded {
  fileprivate init(_ scalar: Unicode.Scalar) {
    guard scalar.isASCII || !scalar.properties.isDefaultIgnorableCodePoint else { return }
    let decomposed = String(scalar).decomposedStringWithCompatibilityMapping.unicodeScalars
    if let first = decomposed.first, let last = decomposed.last {
      classes = (
        first.properties.canonicalCombiningClass.rawValue, last.properties.canonicalCombiningClass.rawValue
      )
    }
    let folded = String(scalar).folded().unicodeScalars.map { (scalar: $0, role: $0.wordRole) }
    first = folded.first?.scalar
    role = folded.first?.role ?? .nothing
    others = Array(folded.dropFirst())
  }
}
