import ChatLog
import ChatProtocol
import NIOCore
import Platform

extension ServerSettings {
  /// The name of the node in lists for operators.
  var nodeName: String {
    var name = [CChar](repeating: 0, count: 256)
    let isKnown = gethostname(&name, name.count - 1) == 0
    let host = isKnown ? String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self) : "?"
    // The free port that the system will choose is not known yet.
    return port == 0 ? host : hostAndPort(host, port)
  }
}

// The life of this server as a node of a shared log.

extension ChatServer {
  private static let retryInterval = Duration.seconds(1)

  /// Reads the feed of a shared log from now on. No effect for a log of this server alone.
  ///
  /// When the other nodes have declared this one dead, because the process was stopped or cut off from the database for
  /// too long, all sessions end and another hub begins: the names may belong to others meanwhile, and everyone logs in
  /// again.
  func followLog() async {
    try? await driver.eventLoop.submit { [driver] in
      driver.value.log.whenNodeEnded = { [weak self] in
        guard let self else { return }
        self.driver.value.endHub()
        Task { await self.beginAgain() }
      }
      driver.value.log.start()
    }.get()
  }

  private func beginAgain() async {
    logger.error("declared dead by the other servers, after too long without contact to the database; starting again")
    while !isEnding {
      do {
        let storage = try await OpenLog(nodeName, open)
        // Opening may take minutes.
        guard await begin(storage) else { return await storage.leave() }
        logger.notice("started again", metadata: ["log.node": "\(storage.storage.sharedState?.hub.number ?? 0)"])
        return
      } catch {
        logger.error("cannot start again yet", metadata: ["log.error": "\(error)"])
        try? await Task.sleep(for: Self.retryInterval)
      }
    }
  }

  /// - Returns: false if the server ends.
  private func begin(_ storage: OpenLog) async -> Bool {
    let task = beginning.withLock { last -> Task<Void, Never>? in
      // An event loop that has ended never answers.
      guard !isEnding else { return nil }
      let task = Task { await goOn(with: storage) }
      last = task
      return task
    }
    await task?.value
    return task != nil
  }

  private func goOn(with storage: OpenLog) async {
    let (driver, logger) = (driver, logger)
    try? await driver.eventLoop.submit {
      let log = LogService(
        storage: storage.storage, retention: driver.value.log.retention, eventLoop: driver.value.eventLoop,
        logger: logger)
      driver.value.begin(storage.hub(driver.value.settings), log)
    }.get()
    await followLog()
  }
}
