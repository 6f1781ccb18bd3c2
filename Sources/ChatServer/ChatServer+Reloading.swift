import ChatHub

// What can change while it runs.
extension ChatServer {
  /// Takes over the hub's settings, and what the log keeps; who is connected stays. Addresses, port, log and send queues
  /// need a restart.
  public func reload(_ settings: ServerSettings) async {
    let driver = driver
    // Fails where the server has shut down meanwhile.
    try? await driver.eventLoop.submit {
      var hub = settings.hub
      hub.maximumSessions = min(
        hub.maximumSessions, FileDescriptorLimit.connections(within: FileDescriptorLimit.current))
      driver.value.log.retention = settings.retention
      driver.value.apply(.change(hub))
    }.get()
  }
}
