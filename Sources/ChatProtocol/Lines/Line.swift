/// One line from the network: valid UTF-8 within the limits, without its end. The message types interpret it.
public struct Line: Hashable, Sendable {
  /// Empty unless the line began with `@` and tags were allowed.
  public var tags: Tags
  /// The rest of the line after the tags.
  public var text: String
  /// Whether `text` has a control character other than a tab. Such a line is invalid; its verb determines the error.
  public var hasControlCharacters: Bool

  public init(tags: Tags = Tags(), text: String, hasControlCharacters: Bool = false) {
    self.tags = tags
    self.text = text
    self.hasControlCharacters = hasControlCharacters
  }
}

/// Why a line cannot be read. The decoder continues with the next line.
public enum LineFault: Error, Hashable, Sendable {
  /// Reported once, before the end of the line arrives; the rest of the line is skipped.
  case tooLong
  case invalidUTF8
  case malformedTags
}

/// Maximum lengths of a line.
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
