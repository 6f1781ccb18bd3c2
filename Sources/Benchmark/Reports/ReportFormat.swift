import ArgumentParser
import CommandSupport

/// `--json`
struct ReportFormat: ParsableArguments {
  @Flag(name: .customLong("json"), help: "One JSON object instead of a table.")
  var isJSON = false

  /// Prints the report, and exits with code 1 if a check failed.
  func show(_ report: some BenchReport) throws {
    try announce(isJSON ? try report.jsonLine : report.table.text)
    if let complaint = report.complaint { throw Failure(complaint) }
  }
}
