/// A server's own directory: it holds the server's key, even if messages are only in memory, and the control socket for
/// administrative commands on the same host.
struct ServerDirectory {
  /// Nil if there is no home directory.
  let path: String?
  /// The directory of the control socket. Nil if there is no home directory, or if the port is random and no directory
  /// was given: servers on random ports would share one directory.
  let control: String?

  /// - Parameter given: the directory that the command line or the settings name; nil for the port's own directory, or
  ///   for the shared one if the port is random.
  init(_ given: String?, port: Int, folder: String? = StateFolder.path) {
    let own = folder.map { port == 0 ? $0 : DataDirectory.path(nil, port: port, folder: $0) }
    path = given ?? own
    control = given ?? (port == 0 ? nil : own)
  }
}
