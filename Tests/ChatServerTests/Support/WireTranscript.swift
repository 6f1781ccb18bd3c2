import Foundation

/// A conversation on the wire, read from a file.
///
///     # a comment
///     server: idle-timeout 4          before all else: a setting, in seconds
///     neha > LOGIN neha               neha sends a line that ends in LF, and connects first where she has not
///     neha < OK                       the next bytes that neha is sent are these, and LF
///     neha sends "LOG" "IN neha\r\n"  the same as bytes, each string in a packet of its own; "x"*3 is "xxx"
///     neha receives "OK\n"            the same as bytes
///     neha receives nothing           whatever the server had to say, neha has read
///     neha receives the end           nothing more, and the server closed
///     neha pings until INFO …         keeps talking, without anything else being answered, until this line comes
///     neha connects | half-closes | closes | resets
///     server shuts down
///
/// At the end of the file no client may have unread bytes. Strings know \n, \r, \t, \", \\ and \xff.
struct WireTranscript {
  let name: String
  let path: String
  private(set) var steps: [Step] = []
  private(set) var idleTimeout: Double?

  struct Step {
    let line: Int
    let actor: String
    let action: Action
  }

  enum Action {
    case connect
    case send([[UInt8]])
    case receive([UInt8])
    case receiveNothing
    case receiveEnd
    case pingUntil([UInt8])
    case halfClose
    case close
    case reset
    case shutDown
  }

  struct Mistake: Error, CustomStringConvertible {
    let description: String
  }

  init(url: URL) throws {
    name = url.deletingPathExtension().lastPathComponent
    path = url.path
    let text = try String(contentsOf: url, encoding: .utf8)
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
      do {
        try read(line, number: index + 1)
      } catch let mistake as Mistake {
        throw Mistake(description: "\(name).txt:\(index + 1): \(mistake)")
      }
    }
  }

  private mutating func read(_ line: Substring, number: Int) throws {
    if line.isEmpty || line.hasPrefix("#") { return }
    guard let space = line.firstIndex(of: " ") else {
      throw Mistake(description: "a line needs an actor and an action")
    }
    let actor = String(line[..<space])
    let rest = line[space...].dropFirst()
    if actor == "server:" {
      guard rest.hasPrefix("idle-timeout "), let seconds = Double(rest.dropFirst("idle-timeout ".count)) else {
        throw Mistake(description: "unknown setting")
      }
      idleTimeout = seconds
      return
    }
    steps.append(Step(line: number, actor: actor, action: try Self.action(rest, isServer: actor == "server")))
  }

  private static func action(_ text: Substring, isServer: Bool) throws -> Action {
    if isServer {
      guard text == "shuts down" else { throw Mistake(description: "unknown action of the server") }
      return .shutDown
    }
    switch text {
    case "connects": return .connect
    case "half-closes": return .halfClose
    case "closes": return .close
    case "resets": return .reset
    case "receives nothing": return .receiveNothing
    case "receives the end": return .receiveEnd
    case ">": return .send([Array("\n".utf8)])
    default: break
    }
    if let line = text.after("> ") { return .send([Array((line + "\n").utf8)]) }
    if let line = text.after("< ") { return .receive(Array((line + "\n").utf8)) }
    if let line = text.after("pings until ") { return .pingUntil(Array((line + "\n").utf8)) }
    if let strings = text.after("sends ") { return .send(try self.strings(strings)) }
    if let strings = text.after("receives ") { return .receive(Array(try self.strings(strings).joined())) }
    throw Mistake(description: "unknown action: \(text)")
  }

  private static func strings(_ text: Substring) throws -> [[UInt8]] {
    var result: [[UInt8]] = []
    var rest = text.utf8[...]
    while let first = rest.popFirst() {
      if first == UInt8(ascii: " ") { continue }
      guard first == UInt8(ascii: "\"") else { throw Mistake(description: "a string was expected") }
      var bytes = try string(&rest)
      if rest.first == UInt8(ascii: "*") {
        let digits = rest.dropFirst().prefix { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard let count = Int(Substring(digits)) else { throw Mistake(description: "* needs a number") }
        bytes = Array(repeatElement(bytes, count: count).joined())
        rest = rest.dropFirst(1 + digits.count)
      }
      result.append(bytes)
    }
    guard !result.isEmpty else { throw Mistake(description: "a string was expected") }
    return result
  }

  /// Reads up to the closing quote.
  private static func string(_ rest: inout Substring.UTF8View) throws -> [UInt8] {
    var bytes: [UInt8] = []
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "\""): return bytes
      case UInt8(ascii: "\\"):
        switch rest.popFirst() {
        case UInt8(ascii: "n"): bytes.append(UInt8(ascii: "\n"))
        case UInt8(ascii: "r"): bytes.append(UInt8(ascii: "\r"))
        case UInt8(ascii: "t"): bytes.append(UInt8(ascii: "\t"))
        case UInt8(ascii: "\""): bytes.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): bytes.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "x"):
          guard let value = UInt8(Substring(rest.prefix(2)), radix: 16) else {
            throw Mistake(description: "two hexadecimal digits were expected")
          }
          bytes.append(value)
          rest = rest.dropFirst(2)
        default: throw Mistake(description: "unknown escape")
        }
      default: bytes.append(byte)
      }
    }
    throw Mistake(description: "a string has no end")
  }
}

extension Substring {
  fileprivate func after(_ prefix: String) -> Substring? { hasPrefix(prefix) ? dropFirst(prefix.count) : nil }
}
