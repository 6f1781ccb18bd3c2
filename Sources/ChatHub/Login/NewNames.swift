import ChatProtocol
import ChatRecords

// Rules for the names of people beyond those of `Nickname`. They apply to new names only: a person who had a name
// before a rule existed keeps it.

extension Nickname {
  /// - Throws: `invalid-username` if no new person may have the name.
  func mustBeAllowedAsNew() throws(RequestError) {
    guard text.hasLetterOrDigit else { throw RequestError(.invalidUsername) }
    guard text.isDrawnWhole else { throw RequestError(.invalidUsername, text: ErrorCode.shapelessName) }
  }
}
