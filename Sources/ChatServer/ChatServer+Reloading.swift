import ChatHub
import ChatLog
import Logging
import NIOCore
import NIOPosix
import Platform
import Synchronization

// Reloading: the settings that can change at run time.

extension ChatServer {
  /// Applies the hub's settings, the certificate and the log's retention; connections stay open. Changes of addresses,
  /// port, log and send queues need a restart. An unusable certificate is logged, and the present one stays in use.
  /// - Returns: when this reload and all earlier ones are complete.
  public func reload(_ settings: ServerSettings) async {
    let task = reloading.withLock { last -> Task<Void, Never>? in
      // An event loop that has ended never answers.
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
      new = try await Self.identity(settings.tls, after: old, in: sharedLog, logger: logger)
    } catch {
      logger.error("the previous certificate stays in use", metadata: ["tls.error": "\(error)"])
    }
    if let old, let new, old.pin != new.pin {
      logger.warning(
        "the server has a new key: clients that know the previous one ask their users whether to trust it",
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

  /// - Parameter log: the log, if several servers share it.
  /// - Throws: `IdentityError`, `LogError`.
  static func identity(
    _ settings: TLSSettings, after last: ServerIdentity? = nil, in log: (any SharedLog)?, logger: Logger
  ) async throws -> ServerIdentity? {
    try await NIOThreadPool.singleton.runIfActive {
      if let log, settings.mode != .off, settings.files == nil {
        if let keyFile = settings.storeKey {
          // The key in the log does not change.
          if let last, last.isShared { return last }
          return try ServerIdentity.shared(settings, in: log, keyFile: keyFile)
        }
        if last == nil {
          logger.notice(
            """
            this server has a key of its own: clients that know another server of this store will not trust it; give \
            all of them the same --store-key, or the same --cert and --key
            """)
        }
      }
      return try ServerIdentity.load(settings, after: last) { logger.warning("\($0)") }
    }
  }

  /// The operator's hub settings, limited to what this process can provide.
  /// - Parameter place: nil before the server listens.
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
