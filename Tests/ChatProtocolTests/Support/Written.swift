import ChatProtocol
import NIOCore
import Testing

extension ClientMessage {
  /// The line, including its LF.
  func written(tags: Tags = Tags()) -> String {
    var buffer = ByteBuffer()
    write(into: &buffer, tags: tags)
    return String(decoding: buffer.readableBytesView, as: UTF8.self)
  }

  /// - Parameter dialect: by default one with `AWAY` and without tags.
  init?(_ text: String, in dialect: Capabilities = .presence) throws(RequestError) {
    try self.init(reading: Line(decoding: text), in: dialect)
  }
}

extension ServerMessage {
  /// The line, including its LF.
  func written(for dialect: Capabilities, tags: Tags = Tags()) -> String {
    var buffer = ByteBuffer()
    write(into: &buffer, for: dialect, tags: tags)
    return String(decoding: buffer.readableBytesView, as: UTF8.self)
  }

  init(_ text: String, in dialect: Capabilities = []) { self.init(reading: Line(decoding: text), in: dialect) }
}

extension Line {
  /// A line without tags, as the decoder returns it.
  init(decoding text: String) {
    var decoder = LineDecoder(allowsTags: false)
    decoder.append(ByteBuffer(string: text + "\n"))
    let result = decoder.next()
    if case .success(let line)? = result {
      self = line
    } else {
      Issue.record("\(text.debugDescription) is not a line: \(String(describing: result))")
      self.init(text: text)
    }
  }
}

extension String {
  /// For comparison byte by byte, unlike `==`.
  var exactly: [UInt8] { Array(utf8) }

  /// Without the spaces and tabs at either end.
  var trimmed: String {
    let isSpace = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" }
    var scalars = unicodeScalars.drop(while: isSpace)
    while let last = scalars.last, isSpace(last) { scalars.removeLast() }
    return String(scalars)
  }

  /// With runs of spaces and tabs replaced by one space.
  var collapsed: String {
    unicodeScalars.split { $0 == " " || $0 == "\t" }.map { String(Substring($0)) }.joined(separator: " ")
  }
}
