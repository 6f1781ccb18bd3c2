import ChatClient
import CommandSupport

/// The user's key as a client loads it at its start.
struct UserKey {
  /// Nil if there is none and none can be stored: a key that is lost at exit would reserve the name forever.
  var identity: Identity?
  /// Warnings for the user, as sentences.
  var warnings: [String] = []

  /// Loads the key, or creates one. Without a place for a key file, the chat works without a key.
  /// - Throws: `Failure` if there is a key file that cannot be read.
  init(of files: UserFiles) throws(Failure) {
    var loaded = try files.identity?.load()
    var obstacle = "there is no place to keep a key in"
    if loaded == nil { do { loaded = try files.identity?.loadOrMake() } catch { obstacle = error.description } }
    identity = loaded?.identity
    if let loaded {
      if let warning = loaded.warning { warnings.append(warning) }
    } else {
      warnings.append("Your name will not be your own: \(obstacle).")
    }
  }
}
