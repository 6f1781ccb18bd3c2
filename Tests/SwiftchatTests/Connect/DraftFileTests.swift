import CommandSupport
import Foundation
import Platform
import TestSupport
import Testing

@testable import swiftchat

/// The draft file of an editor.
@Suite
struct DraftFileTests {
  private func mode(_ path: String) -> mode_t? {
    var status = stat()
    return lstat(path, &status) == 0 ? status.st_mode & 0o777 : nil
  }

  @Test
  func `only the owner can read the draft, and it is removed with all that the editor left`() throws {
    let folder = try TemporaryFolder()
    let draft = try DraftFile("über\ntext", in: [folder.path])
    #expect(mode(draft.folder) == 0o700)
    #expect(mode(draft.path) == 0o600)
    #expect(try String(contentsOfFile: draft.path, encoding: .utf8) == "über\ntext\n")
    #expect(try draft.text().map(draft.isUnchanged) == true)
    #expect(!draft.isUnchanged("über\ntext \n"))
    #expect(!draft.hasOtherFiles)
    try "swap".write(toFile: draft.folder + "/.message.txt.swp", atomically: true, encoding: .utf8)
    #expect(draft.hasOtherFiles)
    draft.remove()
    #expect(try folder.files.isEmpty)
  }

  @Test
  func `the draft goes into the first folder that takes it`() throws {
    let folder = try TemporaryFolder()
    let draft = try DraftFile("", in: ["/nowhere", "/proc", folder.path])
    #expect(draft.folder.hasPrefix(folder.path))
    #expect(try draft.text() == "")
    draft.remove()
    #expect(try draft.text() == nil)
    let failure = #expect(throws: Failure.self) { try DraftFile("x", in: ["/nowhere"]) }
    #expect(failure?.description == "no draft can be created in /nowhere: No such file or directory")
    #expect(throws: Failure.self) { try DraftFile("x", in: []) }
  }

  @Test(arguments: [
    ([:], "vi"), (["EDITOR": "ed"], "ed"), (["EDITOR": "ed", "VISUAL": "emacs -nw"], "emacs -nw"),
    (["EDITOR": "ed", "VISUAL": " "], "ed"), (["EDITOR": ""], "vi"),
  ])
  func `the environment names the editor`(variables: [String: String], command: String) {
    #expect(EditorProcess.command { variables[$0] } == command)
  }

  @Test(arguments: [
    ("vi", true), ("emacs -nw", true), ("  \"my editor\" -x", true), ("$HOME/bin/edit", true), ("A=1 vi", false),
    ("cd /tmp && vi", false), ("vi; true", false), ("{ vi", false),
  ])
  func `the shell is replaced by an editor that is one program`(command: String, isReplaced: Bool) {
    #expect(EditorProcess.script(command).hasPrefix("exec ") == isReplaced)
  }
}
