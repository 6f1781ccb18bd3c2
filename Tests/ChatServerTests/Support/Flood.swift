import Foundation
import Synchronization

/// Sends all lines as fast as possible on its own thread, until they are sent or the connection ends.
final class Flood: Sendable {
  private let over = Mutex(false)

  init(by client: SocketClient, _ lines: [String]) {
    let client = SharedClient(client)
    Thread {
      for line in lines {
        do { try client.socket.send(Array(line.utf8)) } catch { break }
      }
      self.over.withLock { $0 = true }
    }.start()
  }

  var isOver: Bool { over.withLock { $0 } }
}
