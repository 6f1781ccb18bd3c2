import ArgumentParser

/// Parses a path on the command line.
/// - Throws: `ValidationError` with the reason if the text is not a path.
@Sendable
package func pathArgument(_ text: String) throws -> String {
  do {
    return try PathText.resolve(text)
  } catch {
    throw ValidationError("it \(error.reason).")
  }
}
