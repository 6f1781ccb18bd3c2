extension ChatServer {
  /// Returns when the event loop has had its turn, which one that hangs never has.
  /// - Returns: why messages cannot be stored; nil while they can, as far as is known.
  /// - Throws: where the server has shut down.
  public func trouble() async throws -> String? {
    let driver = driver
    return try await driver.eventLoop.submit { driver.value.log.trouble }.get()
  }
}
