import ArgumentParser

/// `--json`
struct ReportFormat: ParsableArguments {
  @Flag(name: .customLong("json"), help: "One JSON object instead of a table.")
  var isJSON = false

  /// Prints the report, and ends with exit code 1 where a check failed.
  func show(_ report: some Report) throws {
    try announce(isJSON ? try report.json : report.table.text)
    if let complaint = report.complaint { throw Failure(complaint) }
  }
}
