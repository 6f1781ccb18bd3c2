// The content of /metrics. Names and units follow https://prometheus.io/docs/practices/naming/.

extension MetricsSnapshot {
  func prometheusText(version: String, process: ProcessFacts) -> String {
    var text = PrometheusText()
    text.information("swiftchat_build_info", "The program's version.", [("version", version)])
    writeChat(to: &text)
    writeLog(to: &text)
    process.write(to: &text)
    return text.text
  }

  private func writeChat(to text: inout PrometheusText) {
    text.family(
      "swiftchat_connections", "Connections now.", type: "gauge", by: "transport",
      [("plain", plainConnections), ("tls", encryptedConnections)])
    text.gauge("swiftchat_people", "People now; one may have several connections.", Double(people))
    text.gauge("swiftchat_rooms", "Rooms that the server knows, the lobby among them.", Double(rooms))
    text.gauge("swiftchat_lagging_connections", "Connections that read too slowly now.", Double(lagging))
    text.gauge("swiftchat_send_queue_bytes", "Bytes that wait for readers.", Double(queued))
    text.counter("swiftchat_logins_total", "Logins.", Double(logins))
    text.counter("swiftchat_sent_bytes_total", "Bytes sent, before encryption.", Double(bytesSent))
    text.family(
      "swiftchat_refusals_total", "Requests refused, by the code of the error.", type: "counter", by: "code",
      refusals.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
  }

  private func writeLog(to text: inout PrometheusText) {
    text.counter("swiftchat_messages_stored_total", "Messages stored.", Double(log.stored))
    text.counter("swiftchat_storage_failures_total", "Messages that could not be stored.", Double(log.failures))
    text.gauge("swiftchat_storage_up", "Whether messages can be stored.", storageTrouble == nil ? 1 : 0)
    text.histogram("swiftchat_log_commit_seconds", "How long commits of messages took.", log.commits)
    guard let node else { return }
    text.gauge(
      "swiftchat_lease_age_seconds", "Time since the server renewed its lease.", Double(node.leaseAge.nanoseconds) / 1e9
    )
    text.gauge("swiftchat_feed_lag", "Entries of the feed that the server has not received yet.", Double(node.lag))
    text.counter(
      "swiftchat_database_outages_total", "Times that the contact to the database was lost.", Double(node.outages))
  }
}
