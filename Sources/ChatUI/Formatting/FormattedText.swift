import ChatProtocol
import TerminalTypes

/// The text of a message before wrapping: the lead, then the text with a column before each link for its number.
struct FormattedText {
  let text: String
  private let leadCount: Int
  /// The kind of each scalar of `text`; empty if the text has no format.
  private var kinds: [MessageFormat.Kind] = []
  /// The links, by the index of the placeholder for their number.
  private var links: [Int: String] = [:]
  /// Whether each scalar of `text` is part of a match of the search; empty if nothing is.
  private var isFound: [Bool] = []

  /// The placeholder for the number of a link, until the links in view are numbered.
  private static let number: Unicode.Scalar = "⁺"

  /// - Parameters:
  ///   - lead: the text before `text`, in its own style.
  ///   - isMessage: whether the text can have a format.
  ///   - phrases: the search phrases to highlight in `text`, also across formats and rows.
  init(_ text: String, lead: String, isMessage: Bool, highlighting phrases: [SearchPhrase] = []) {
    leadCount = lead.unicodeScalars.count
    let found = Self.found(phrases, in: text)
    if !found.isEmpty { isFound = Array(repeating: false, count: leadCount) }
    let format = isMessage ? MessageFormat(text) : nil
    guard let format, !format.isPlain else {
      self.text = lead + text
      isFound += found
      return
    }
    var scalars = String.UnicodeScalarView(lead.unicodeScalars)
    kinds = Array(repeating: [], count: leadCount)
    var pending = format.links[...]
    let all = Array(text.unicodeScalars)
    for (index, scalar) in all.enumerated() {
      if let link = pending.first, link.lowerBound == index {
        pending.removeFirst()
        links[kinds.count] = String(String.UnicodeScalarView(all[link]))
        scalars.append(Self.number)
        kinds.append([])
        if !found.isEmpty { isFound.append(false) }
      }
      scalars.append(scalar)
      if !found.isEmpty { isFound.append(found[index]) }
      kinds.append(format.kinds[index])
    }
    self.text = String(scalars)
  }

  /// - Returns: for each scalar of the text whether it is part of a match; empty if nothing is.
  private static func found(_ phrases: [SearchPhrase], in text: String) -> [Bool] {
    guard !phrases.isEmpty else { return [] }
    let characters = Array(text)
    let words = PlacedSearchText(characters)
    var isFound = [Bool](repeating: false, count: characters.count)
    for index in phrases.flatMap(words.ranges).joined() { isFound[index] = true }
    guard isFound.contains(true) else { return [] }
    return zip(characters, isFound).flatMap { Array(repeating: $1, count: $0.unicodeScalars.count) }
  }

  /// The position in the text at which the next row begins.
  struct Place {
    /// The index of the next scalar.
    fileprivate var index = 0
    /// The link that the next scalar belongs to, if it is part of one.
    fileprivate var link: String?
    fileprivate var rest: Substring.UnicodeScalarView.SubSequence?
  }

  /// Appends a row of the wrapped text to a row of the pane.
  /// - Parameter place: the end of the previous row; advanced to the end of this one.
  func append(
    _ line: String, to row: inout TranscriptLayout.Row, column: Int, at place: inout Place,
    _ content: TranscriptLayout.Content
  ) {
    var column = column
    func append(_ part: String, _ style: Style, link: String? = nil) {
      guard !part.isEmpty || row.pieces.isEmpty else { return }
      if let link {
        row.anchors.append(
          TranscriptLayout.Row.Anchor(columns: column..<column + part.cellWidth, subject: .link(link)))
      }
      row.pieces.append(TranscriptLayout.Row.Piece(column: column, text: part, style: style))
      column += part.cellWidth
    }
    guard leadCount > 0 || !kinds.isEmpty || !isFound.isEmpty else { return append(line, content.textStyle) }
    var part = String.UnicodeScalarView()
    var style = Style.plain
    var isLead = false
    var link: String?
    func end() {
      append(String(part), style, link: link)
      part = String.UnicodeScalarView()
    }
    var rest = place.rest ?? text[...].unicodeScalars
    for scalar in line.unicodeScalars {
      // Wrapping drops spaces and newlines at the break before the row.
      while let next = rest.first, next != scalar {
        rest.removeFirst()
        place.index += 1
      }
      guard !rest.isEmpty else { break }
      let isInLead = place.index < leadCount
      if let address = links[place.index] {
        end()
        row.links.append(TranscriptLayout.Row.Link(address: address, piece: row.pieces.count))
        append(String(Self.number), .dim, link: address)
        (place.link, link) = (address, nil)
      } else {
        var next =
          isInLead ? content.leadStyle : kinds.isEmpty ? content.textStyle : content.textStyle.with(kinds[place.index])
        if !isFound.isEmpty, isFound[place.index] { next.attributes.insert(.reversed) }
        if place.link != nil, !kinds[place.index].contains(.link) { place.link = nil }
        if next != style || isInLead != isLead || link != place.link {
          end()
          (style, isLead, link) = (next, isInLead, place.link)
        }
        part.append(scalar)
      }
      rest.removeFirst()
      place.index += 1
    }
    end()
    place.rest = rest
  }
}

extension Style {
  /// The style of formatted text.
  fileprivate func with(_ kind: MessageFormat.Kind) -> Style {
    var style = self
    if kind.contains(.bold) { style.attributes.insert(.bold) }
    if kind.contains(.italic) { style.attributes.insert(.italic) }
    if kind.contains(.link) { style.attributes.insert(.underlined) }
    if !kind.isDisjoint(with: [.struck, .quote]) { style.color = .faint }
    if kind.contains(.code) { style.color = .good }
    if kind.contains(.sign) { (style.color, style.attributes) = (.faint, attributes) }
    return style
  }
}
