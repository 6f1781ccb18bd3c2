import Foundation

/// Runs what blocks on a thread of its own: Swift's threads are as many as there are processors, and a server that is
/// to answer must not wait for one.
func onThread<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
  try await withCheckedThrowingContinuation { continuation in
    Thread { continuation.resume(with: Swift.Result(catching: body)) }.start()
  }
}
