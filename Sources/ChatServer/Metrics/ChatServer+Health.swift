extension ChatServer {
  /// Returns when the event loop has run the query; never, if the loop hangs.
  /// - Returns: why messages cannot be stored; nil if no problem is known.
  /// - Throws: if the server has shut down.
  public func trouble() async throws -> String? {
    let driver = driver
    return try await driver.eventLoop.submit { driver.value.storageTrouble }.get()
  }
}
