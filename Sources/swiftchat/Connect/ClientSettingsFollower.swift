import Dispatch

/// The settings of the running client. Reads their file again on request; any error leaves all settings unchanged.
@MainActor
final class ClientSettingsFollower {
  enum Outcome {
    case unchanged
    /// - Parameter summary: the changes, as text for the user.
    case applied(ClientConfiguration, summary: String)
    /// - Parameter reason: one line.
    case failed(reason: String)
  }

  /// The settings in effect.
  private(set) var running: ClientConfiguration
  private let source: ConfigurationSource<ClientSetting>
  /// The state of the file when it was last read.
  private var stamp: FileStamp
  private var isReading = false
  private var hasFailed = false
  /// Files are read on this queue: a home directory on a network may not respond for a long time.
  private let queue = DispatchQueue(label: "swiftchat.settings")

  /// The file is read after it has not changed for this time, because an editor may write it in several steps.
  private nonisolated static let settling = DispatchTimeInterval.milliseconds(200)

  /// - Throws: `ConfigurationError` if the settings are invalid.
  init(_ source: ConfigurationSource<ClientSetting>) throws(ConfigurationError) {
    self.source = source
    stamp = FileStamp(of: source.path?.0)
    running = try source.read()
  }

  /// - Parameters:
  ///   - onlyIfChanged: whether to read the file only if it has changed since the last time.
  ///   - completion: called at most once, possibly much later; not called if the file has not changed, or while another
  ///     reload is in progress.
  func reload(onlyIfChanged: Bool, then completion: @escaping @MainActor (Outcome) -> Void) {
    guard !isReading else { return }
    isReading = true
    look(since: onlyIfChanged ? stamp : nil, completion)
  }

  /// Reads the file once its stamp is the same twice.
  private func look(since before: FileStamp?, _ completion: @escaping @MainActor (Outcome) -> Void) {
    queue.async { [source] in
      let stamp = FileStamp(of: source.path?.0)
      guard stamp != before else { return Self.onMain { self.isReading = false } }
      self.queue.asyncAfter(deadline: .now() + Self.settling) {
        guard FileStamp(of: source.path?.0) == stamp else { return Self.onMain { self.look(since: nil, completion) } }
        let read = Result { () throws(ConfigurationError) in try source.read() }
        Self.onMain { completion(self.take(read, stamp)) }
      }
    }
  }

  private nonisolated static func onMain(_ body: @escaping @MainActor () -> Void) {
    DispatchQueue.main.async { MainActor.assumeIsolated(body) }
  }

  private func take(_ read: Result<ClientConfiguration, ConfigurationError>, _ stamp: FileStamp) -> Outcome {
    isReading = false
    self.stamp = stamp
    switch read {
    case .failure(let error):
      hasFailed = true
      return .failed(reason: error.description)
    case .success(let wanted):
      let changes = ConfigurationChanges(from: running, to: wanted)
      running = running.adoptingLive(wanted)
      defer { hasFailed = false }
      guard !changes.live.isEmpty || !changes.restart.isEmpty else {
        return hasFailed ? .applied(running, summary: "the settings are good again") : .unchanged
      }
      return .applied(running, summary: Self.summary(of: changes))
    }
  }

  private static func summary(of changes: ConfigurationChanges) -> String {
    let live = changes.live.isEmpty ? nil : "settings applied: \(changes.live.joined(separator: ", "))"
    let restart =
      changes.restart.isEmpty ? nil : "at the next start: \(changes.restart.joined(separator: ", "))"
    return [live, restart].compactMap { $0 }.joined(separator: "; ")
  }
}
