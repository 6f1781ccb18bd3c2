import Foundation

extension Workspace {
  /// A program in place of `swiftchat serve`: a shell that finds the script in its working directory under the name of
  /// its first argument, `serve`. An executable script could not be run while a child that another test has just forked
  /// still has it open for writing.
  func serveScript(_ script: String) throws -> String {
    try script.write(to: home.appendingPathComponent("serve"), atomically: true, encoding: .utf8)
    return "/bin/sh"
  }
}
