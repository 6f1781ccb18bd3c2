import Foundation
import TestSupport
import Testing

/// Composing a message in an editor, with the real binary.
@Suite(.interacting, .serialized)
struct EditorTests {
  /// An executable script in the role of the editor.
  private func editor(_ script: String, in workspace: Workspace) throws -> URL {
    let file = workspace.folder.appendingPathComponent("editor")
    try "#!/bin/sh\n\(script)\n".write(to: file, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: file.path)
    return file
  }

  private func chat(
    in workspace: Workspace, port: Int, editor: URL
  ) async throws -> TerminalSession {
    try await TerminalSession.chat(
      in: workspace, as: "neha", port: port, environment: ["EDITOR": editor.path, "VISUAL": ""])
  }

  private func contents(of file: URL) -> String { (try? String(contentsOf: file, encoding: .utf8)) ?? "" }

  @Test func `the editor gets the terminal and the text, and its text comes back unsent`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let editor = try editor(
        """
        trap 'echo interrupted' INT; trap 'echo quitted' QUIT
        { ls -ld "$1" "${1%/*}" | cut -c 1-10; cat "$1"; stty -a | grep -o -- ' icanon'; echo "$1"; } > "$0.facts"
        echo "the editor is here" >&2
        until read line; do :; done
        printf 'one\\033[31m\\ntwo\\n' > "$1"
        """, in: workspace)
      let neha = try await chat(in: workspace, port: server.port, editor: editor)
      try await neha.type("my draft")
      try await neha.waitFor(text: "› my draft")
      try await neha.press("M-e")
      try await neha.waitForSnapshot("the editor") { shown in
        !shown.alternateOn && shown.rows.contains { $0.contains("the editor is here") }
      }
      // The keyboard's signals are meant for the editor.
      try await neha.press("C-c")
      try await neha.waitFor(text: "interrupted")
      try await neha.press("C-\\")
      try await neha.waitFor(text: "quitted")
      let zoe = try NetcatClient.connect(in: workspace, port: server.port)
      try await zoe.send(line: "LOGIN zoe")
      try await zoe.waitFor(exactly: "OK\n")
      try await zoe.send(line: "MSG said meanwhile")
      try await zoe.waitFor(exactly: "OK\nMSG zoe said meanwhile\n")
      try await neha.resize(columns: 70, rows: 20)
      try await neha.press("Enter")
      let rows = try await neha.waitFor("the text in the input") { rows in
        rows.count == 20 && rows.contains(" #lobby› one[31m") && rows.contains("         two")
          && rows.author(of: "said meanwhile") == "~zoe"
      }
      #expect(rows.contains { $0.contains(" 1 new ") })
      let facts = contents(of: URL(fileURLWithPath: editor.path + ".facts")).split(separator: "\n").map(String.init)
      try #require(facts.count == 5, "\(facts)")
      #expect(facts[..<4] == ["drwx------", "-rw-------", "my draft", " icanon"])
      #expect(!FileManager.default.fileExists(atPath: facts[4]))
      #expect(!FileManager.default.fileExists(atPath: (facts[4] as NSString).deletingLastPathComponent))
      try await neha.type("!")
      try await neha.press("Enter")
      try await zoe.waitFor(exactly: "OK\nMSG zoe said meanwhile\nMSG neha one[31m\nMSG neha two!\n")
    }
  }

  @Test func `Ctrl+Z and an editor that stops itself stop the whole job, and fg continues it`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let editor = try editor(
        #"echo "the editor is here"; read line; kill -STOP $$; echo "continued"; read line; echo done > "$1""#,
        in: workspace)
      let shell = try await TerminalSession.shell(
        in: workspace, environment: ["EDITOR": editor.path, "PS1": "$ "])
      try await shell.say("\(try Binary.path()) connect localhost:\(server.port) --name neha")
      try await shell.waitFor(text: "as neha")
      try await shell.press("M-e")
      try await shell.waitFor(text: "the editor is here")
      for key in ["C-z", "Enter"] {
        try await shell.press(key)
        try await shell.waitFor(text: "Stopped")
        try await shell.say("clear; fg")
        // The shell shows the command, which may be longer than a row, without its prompt.
        if key == "C-z" { try await shell.waitFor("the job again") { $0.first?.hasPrefix("/") == true } }
      }
      try await shell.waitFor(text: "continued")
      try await shell.press("Enter")
      try await shell.waitFor(text: "#lobby› done")
      try await shell.press("C-q")
      try await shell.waitFor("the shell") { $0.last { !$0.isEmpty }?.hasPrefix("$") == true }
    }
  }

  @Test func `an editor that fails loses nothing`() async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let editor = try editor(#". "$0.mode""#, in: workspace)
      let neha = try await chat(in: workspace, port: server.port, editor: editor)
      try await neha.type("my draft")
      // The script, the words that the client says about it, and the input afterwards.
      let cases = [
        ("exit 3", "ended with status 3", "my draft"),
        (#"echo saved > "$1"; kill -9 $$"#, "was ended by signal 9", "saved"),
        (#"rm "$1""#, "removed the draft", "saved"),
        (#"printf '\377' > "$1""#, "message.txt is not UTF-8", "saved"),
        (#"head -c 300000 /dev/zero | tr '\0' x > "$1""#, "too long for the input: it stays in", "saved"),
        (#"exit 127"#, "cannot run: set EDITOR to another one", "saved"),
        (#"printf '\n\n' > "$1""#, nil, ""),
      ]
      for (script, words, input) in cases {
        try (script + "\n").write(toFile: editor.path + ".mode", atomically: true, encoding: .utf8)
        try await neha.press("M-e")
        let last = input.isEmpty ? " #lobby›" : " #lobby› \(input)"
        try await neha.waitFor(script) { rows in
          rows.last == last && (words.map(rows.words.contains) ?? true)
        }
      }
    }
  }

  @Test(arguments: [SIGTERM, SIGHUP]) func `a signal ends the editor first, and keeps its text`(
    number: Int32
  ) async throws {
    try await Workspace.use { workspace in
      let server = try await ServerProcess.start(in: workspace)
      let editor = try editor(
        """
        trap 'echo saved at the end > "$1"; exit 1' TERM
        echo "the editor is here"; while :; do read line; done
        """, in: workspace)
      let neha = try await chat(in: workspace, port: server.port, editor: editor)
      try await neha.press("M-e")
      try await neha.waitFor(text: "the editor is here")
      neha.signal(number)
      let status = try await neha.exitStatus()
      #expect(status == .exited(0))
      #expect(try await !neha.snapshot().alternateOn)
      let again = try await chat(in: workspace, port: server.port, editor: editor)
      try await again.waitFor(text: "#lobby› saved at the end")
    }
  }
}
