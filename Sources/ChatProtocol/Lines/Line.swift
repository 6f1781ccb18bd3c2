/// One line as it came off the network: valid UTF-8 within the limits, its end removed. What it means is the
/// messages' business.
public struct Line: Hashable, Sendable {
  /// Empty unless the line began with `@` and tags were allowed.
  public var tags: Tags
  /// All that follows the tags.
  public var text: String
  /// Whether `text` holds a control character other than a tab. Such a line has no meaning, but which error it
  /// deserves depends on its verb.
  public var hasControlCharacters: Bool

  public init(tags: Tags = Tags(), text: String, hasControlCharacters: Bool = false) {
    self.tags = tags
    self.text = text
    self.hasControlCharacters = hasControlCharacters
  }
}

/// Why a line could not be read. The decoder goes on with the next one.
public enum LineFault: Error, Hashable, Sendable {
  /// Reported once, before the end of the line arrives; the rest of the line is skipped.
  case tooLong
  case invalidUTF8
  case malformedTags
}

/// How long a line may be.
public struct LineLimits: Hashable, Sendable {
  /// Bytes of a line without its tags and its end.
  public var line: Int
  /// Bytes of the tags between the `@` and the space, which do not count (IRCv3 message-tags, "Size limit").
  public var tags: Int

  public init(line: Int = 4096, tags: Int = 4094) {
    self.line = line
    self.tags = tags
  }
}
