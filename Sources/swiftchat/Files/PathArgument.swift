import ArgumentParser

/// A path on the command line.
/// - Throws: `ValidationError` with the reason where it can be none.
@Sendable
func pathArgument(_ text: String) throws -> String {
  do {
    return try PathText.resolve(text)
  } catch {
    throw ValidationError("it \(error.reason).")
  }
}
