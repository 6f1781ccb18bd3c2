import ChatProtocol
import Logging
import NIOCore

/// Logs failures of one listener, a line a minute at most for each kind. Lives on the listener's event loop.
final class AcceptReports {
  enum AcceptTask: String {
    case accepting = "accepting connections"
    case serving = "setting up accepted connections"
    case readingProxyHeaders = "reading the PROXY headers of connections from proxies"
  }

  private let logger: Logger
  private var troubles: [AcceptTask: FailureReporter] = [:]

  init(logger: Logger) { self.logger = logger }

  func failed(_ work: AcceptTask, _ error: any Error, at now: MonotonicTime = .now()) {
    guard let news = troubles[work, default: FailureReporter()].failed(at: now) else { return }
    var metadata: Logger.Metadata = ["accept.error": "\(error)"]
    var isFirst = true
    if case .goesOn(let failures) = news {
      metadata["accept.failures"] = "\(failures)"
      isFirst = false
    }
    logger.error("\(work.rawValue) \(isFirst ? "fails" : "still fails")", metadata: metadata)
  }
}

@available(*, unavailable)
extension AcceptReports: Sendable {}
