import ChatModel
import ChatProtocol
import ChatUI

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Anonymises recordings: replaces letters and digits of texts, names, rooms and typed keys by random ones of the same
/// kind and width, so that the screen has the same shape. A name gets the same replacement everywhere. Networks, pins
/// and keys of users are replaced by constants, and servers by numbered names. Names of commands and `#lobby` stay.
struct Blanking {
  private var random: any RandomNumberGenerator
  /// The replacements of names and of rooms without their `#`, by the folded name.
  private var names: [String: String] = [:]
  private var used: Set<String> = []
  private var servers: [String: Int] = [:]
  private var typing = TypingState.start

  /// The part of the input line that keys are typed into, as far as it is known.
  private enum TypingState: Equatable {
    case start
    case command(String)
    case text
  }

  init(random: any RandomNumberGenerator = SystemRandomNumberGenerator()) { self.random = random }

  /// - Returns: the line of the value with replaced texts.
  mutating func blank(_ value: some Encodable) throws -> [UInt8] {
    let json = try JSONDecoder().decode(JSONValue.self, from: Data(RecordingFile.line(value)))
    return try RecordingFile.line(blank(json, []))
  }

  // MARK: Structure

  /// Keys of strings that are words of the format.
  private static let words: Set<String> = [
    "epoch", "cid", "special", "kind", "verb", "layout", "timeFormat", "rooms", "directMessages", "notifies", "levels",
    "lineStyle",
  ]

  private mutating func blank(_ json: JSONValue, _ path: [String]) -> JSONValue {
    switch json {
    case .array(let values): return .array(values.map { blank($0, path) })
    case .object(let values):
      // A key with Ctrl or Alt is no text.
      if values["character"] != nil, case .integer(let modifiers)? = values["modifiers"], modifiers & ~1 != 0 {
        return json
      }
      noteSpecialKey(values)
      var result: [String: JSONValue] = [:]
      // In a fixed order, so that the same random numbers give the same result.
      for (key, value) in values.sorted(by: { $0.key < $1.key }) { result[key] = blank(value, path + [key]) }
      return .object(result)
    case .string(let text): return .string(blank(text, path))
    case .null, .bool, .integer, .large, .number: return json
    }
  }

  private mutating func blank(_ text: String, _ path: [String]) -> String {
    let key = path.last ?? ""
    // A constant that no key has.
    let constant = String(repeating: "A", count: 43)
    switch key {
    case _ where Self.words.contains(key) || path.contains("failure"): return text
    case "name", "author": return blankName(text)
    case "ignored": return blankName(text)
    case "room": return blankTarget(text)
    case "target": return blankTarget(text)
    case "pin", "key": return constant
    case "request": return "\(constant).\(String(repeating: "A", count: 86))"
    case "network": return "192.0.2.0/24"
    case "endpoint", "host", "link":
      // A link is another name of the same server.
      let server = (try? ShareLink(text))?.endpoint.description ?? text
      let number = servers[server] ?? servers.count + 1
      servers[server] = number
      return "server\(number).example:4000"
    case "character": return blankKey(text, path)
    default: return blankTyped(text)
    }
  }

  // MARK: Names

  private mutating func blankTarget(_ text: String) -> String {
    guard text.folded() != "#lobby" else { return text }
    switch text.first {
    case "#": return "#" + blankName(String(text.dropFirst()))
    case "@": return "@" + blankName(String(text.dropFirst()))
    default: return blankWords(text)
    }
  }

  private mutating func blankName(_ name: String) -> String {
    let folded = name.folded()
    if let known = names[folded] { return known }
    for _ in 0..<50 {
      let new = String(String.UnicodeScalarView(name.unicodeScalars.map { scalar($0) }))
      guard new.utf8.count <= Nickname.maximumBytes, Nickname(spaced: new) != nil, used.insert(new.folded()).inserted
      else { continue }
      names[folded] = new
      return new
    }
    // A name without letters, or one whose replacements are all used.
    let new = "user\(names.count)"
    names[folded] = new
    used.insert(new)
    return new
  }

  // MARK: Texts

  /// Words that make a link one.
  private static let linkWords: Set<String> = ["http", "https", "www", "swiftchat"]

  private mutating func blankTyped(_ text: String) -> String {
    guard text.first == "/" else { return blankWords(text) }
    let word = text.dropFirst().prefix { !$0.isWhitespace }
    guard Interface.commandNames.contains(word.lowercased()) else { return blankWords(text) }
    return "/\(word)" + blankWords(String(text.dropFirst(1 + word.count)))
  }

  private mutating func blankWords(_ text: String) -> String {
    var result = ""
    var word = ""
    func isInWord(_ character: Character) -> Bool { character.isLetter || character.isNumber }
    for character in text {
      if isInWord(character) {
        word.append(character)
      } else {
        result += blankWord(word)
        word = ""
        result.append(character)
      }
    }
    return result + blankWord(word)
  }

  private mutating func blankWord(_ word: String) -> String {
    guard !word.isEmpty, !Self.linkWords.contains(word.lowercased()) else { return word }
    if let name = names[word.folded()] { return name }
    return String(String.UnicodeScalarView(word.unicodeScalars.map { scalar($0) }))
  }

  /// A random letter or digit of the same kind and width; other scalars stay.
  private mutating func scalar(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    let category = scalar.properties.generalCategory
    switch category {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: break
    default: return scalar
    }
    // Blocks of scripts are multiples of 32, and those of ideographs and syllables are large.
    let block: UInt32 = scalar.value < 0x3000 ? 32 : 2048
    let first = scalar.value & ~(block - 1)
    let width = Character(scalar).cellWidth
    for _ in 0..<200 {
      guard let other = Unicode.Scalar(first + UInt32.random(in: 0..<block, using: &random)) else { continue }
      guard other.properties.generalCategory == category, Character(other).cellWidth == width,
        DisplayText.sanitize(String(Character(other))) == String(Character(other))
      else { continue }
      return other
    }
    return "x"
  }

  // MARK: Keys

  private mutating func blankKey(_ text: String, _ path: [String]) -> String {
    // The settings contain keys, too.
    guard path.contains("events"), let character = text.first else { return text }
    switch typing {
    case .start where character == "/":
      typing = .command("")
      return text
    case .command(let word):
      if character == " " {
        typing = .text
        return text
      }
      let longer = word + text.lowercased()
      guard Interface.commandNames.contains(where: { $0.hasPrefix(longer) }) else {
        typing = .text
        return blankWords(text)
      }
      typing = .command(longer)
      return text
    case .start, .text:
      typing = .text
      return blankWords(text)
    }
  }

  private mutating func noteSpecialKey(_ key: [String: JSONValue]) {
    if key["special"] == .string("enter") { typing = .start }
  }
}
