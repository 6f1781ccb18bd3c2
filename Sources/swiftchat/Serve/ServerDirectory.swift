/// Where a server keeps what is its own: its key, which outlives messages that are kept in memory, and the socket by
/// which the host's own programs reach it.
struct ServerDirectory {
  /// Nil where there is no home.
  let path: String?
  /// Nil also where the server listens on any free port: the next one could not tell its directory from this one's.
  let control: String?

  /// - Parameter given: by whoever started the server; nil: the port's own, or that of all where the port is any.
  init(_ given: String?, port: Int, folder: String? = StateFolder.path) {
    let own = folder.map { port == 0 ? $0 : DataDirectory.path(nil, port: port, folder: $0) }
    path = given ?? own
    control = given ?? (port == 0 ? nil : own)
  }
}
