import ArgumentParser
import ChatLog

/// The option that selects a database.
struct StoreOption: ParsableArguments {
  @Option(
    help: ArgumentHelp("The PostgreSQL database. (default: store in the server's settings)", valueName: "url"))
  var store: String?

  var url: PostgresURL? { store.flatMap { PostgresURL($0) } }

  func validate() throws {
    if store != nil, url == nil { throw ValidationError("--store is not \(ServerSetting.store.form.allowed).") }
  }
}
