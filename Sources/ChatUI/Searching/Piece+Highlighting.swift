import ChatProtocol
import TerminalTypes

extension TranscriptLayout.Row.Piece {
  /// The piece, split where a search phrase matches. The matches are reversed.
  func highlighting(_ phrases: [SearchPhrase]) -> [TranscriptLayout.Row.Piece] {
    let characters = Array(text)
    let words = PlacedSearchText(characters)
    var isFound = [Bool](repeating: false, count: characters.count)
    for index in phrases.flatMap(words.ranges).joined() { isFound[index] = true }
    var pieces: [TranscriptLayout.Row.Piece] = []
    var column = column
    var start = 0
    while start < characters.count {
      let end = isFound[start...].firstIndex { $0 != isFound[start] } ?? characters.count
      let part = String(characters[start..<end])
      var style = style
      if isFound[start] { style.attributes.insert(.reversed) }
      pieces.append(TranscriptLayout.Row.Piece(column: column, text: part, style: style))
      column += part.cellWidth
      start = end
    }
    return pieces
  }
}
