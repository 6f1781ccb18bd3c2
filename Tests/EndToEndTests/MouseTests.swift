import Foundation
import TestSupport
import Testing

/// The mouse, with the real binary.
@Suite(.interacting, .serialized)
struct MouseTests {
  private func expectMouse(
    _ isOn: Bool, in session: TerminalSession, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    // Buttons, SGR, and no movements.
    let wanted = isOn ? "1 1 0 0" : "0 0 0 0"
    let format = "#{mouse_standard_flag} #{mouse_sgr_flag} #{mouse_button_flag} #{mouse_all_flag}"
    var last = ""
    let isRight = try await Patience.answer { () async throws -> Bool? in
      last = try await session.value(of: format)
      return last == wanted ? true : nil
    }
    #expect(isRight == true, "the modes are \(last)", sourceLocation: sourceLocation)
  }

  @Test(arguments: TerminalSession.WayOut.allCases)
  func `the mouse works, and is off after every way out`(way: TerminalSession.WayOut) async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let shell = try await TerminalSession.shell(
        in: workspace,
        environment: ["SWIFTCHAT_CLIENT_MOUSE": "true", "EDITOR": "sh -c 'echo in the editor; read line'"])
      try await shell.open(port: server.port)
      try await expectMouse(true, in: shell)
      try await shell.say("/dm zoe")
      try await shell.waitFor("a second tab") { $0[0].hasPrefix(" 1 #lobby  2 @zoe") }
      try await shell.waitFor("it to be current") { $0.last == " @zoe›" }
      try await shell.send(Array("\u{1B}[<0;4;1M\u{1B}[<0;4;1m".utf8))
      try await shell.waitFor("the first tab") { $0.last == " #lobby›" }
      // Reports that make no sense are not typed.
      try await shell.send(Array("\u{1B}[<0;99999999999999999999;1M\u{1B}[<;;M\u{1B}[<999;1;1M\u{1B}[M !!".utf8))
      try await shell.type("typed")
      try await shell.waitFor("the text") { $0.last == " #lobby› typed" }
      try await shell.press("M-m")
      try await expectMouse(false, in: shell)
      try await shell.press("M-m")
      try await expectMouse(true, in: shell)
      try await shell.press("M-e")
      try await shell.waitFor(text: "in the editor")
      try await expectMouse(false, in: shell)
      try await shell.press("Enter")
      try await shell.waitFor("the chat") { $0.last == " #lobby› typed" }
      try await expectMouse(true, in: shell)
      try await shell.leave(by: way) {
        try await expectMouse(false, in: shell)
      } continued: {
        try await expectMouse(true, in: shell)
      }
      try await expectMouse(false, in: shell)
    }
  }
}
