import ChatHub
import Logging
import NIOCore
import NIOPosix
import Synchronization

// What can change while it runs.
extension ChatServer {
  /// Takes over the hub's settings, the certificate, and what the log keeps; who is connected stays. Addresses, port, log and send queues
  /// need a restart. A certificate that cannot be used leaves the present one in use, and is logged.
  /// - Returns: when it is done, and all that was asked for before.
  public func reload(_ settings: ServerSettings) async {
    let task = reloading.withLock { last -> Task<Void, Never>? in
      // A loop that has ended answers nobody.
      guard !isEnding else { return nil }
      let task = Task { [last] in
        await last?.value
        await takeOver(settings)
      }
      last = task
      return task
    }
    await task?.value
  }

  private func takeOver(_ settings: ServerSettings) async {
    let old = identity.withLock { $0 }
    var new = old
    do {
      new = try await Self.identity(settings.tls, after: old, logger: logger)
    } catch {
      logger.error("the certificate from before stays in use", metadata: ["tls.error": "\(error)"])
    }
    if let old, let new, old.pin != new.pin {
      logger.warning(
        "the server has another key: who knows the one from before is asked whether to trust it",
        metadata: ["server.pin": "\(new.pin)"])
    }
    identity.withLock { [new] in $0 = new }
    let hubSettings = Self.hubSettings(settings, new, at: place)
    let (context, driver) = (new?.context, driver)
    try? await driver.eventLoop.submit {
      driver.value.tls = context
      driver.value.peerTrust = settings.peerTrust
      driver.value.log.retention = settings.retention
      driver.value.apply(.change(hubSettings))
      driver.value.keepTime(for: hubSettings)
    }.get()
    logger.info("settings read again", metadata: ["server.pin": "\(new?.pin.text ?? "none")"])
  }

  /// - Throws: `IdentityError`.
  static func identity(
    _ settings: TLSSettings, after last: ServerIdentity? = nil, logger: Logger
  ) async throws -> ServerIdentity? {
    try await NIOThreadPool.singleton.runIfActive {
      try ServerIdentity.load(settings, after: last) { logger.warning("\($0)") }
    }
  }

  /// What the hub goes by: as the operator wants it, as far as this process can.
  /// - Parameter place: nil: it does not listen yet.
  static func hubSettings(
    _ settings: ServerSettings, _ identity: ServerIdentity?, at place: ServerPlace? = nil
  ) -> HubSettings {
    var hub = settings.hub
    hub.place = place?.description
    hub.maximumSessions = min(
      hub.maximumSessions, FileDescriptorLimit.connections(within: FileDescriptorLimit.raise()))
    hub.pin = identity?.pin
    hub.requiresTLS = settings.tls.mode == .required
    return hub
  }
}
