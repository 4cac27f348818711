import EventCoding
import EventKeeping
import FaceEvents
import HTTPTypes
import Hummingbird

extension EventReceiver {
  func metricsResponse() async -> Response {
    var text = PrometheusText()
    let figures = metrics.current
    write(figures, to: &text)
    writeIntake(figures, to: &text)
    await writeStorage(to: &text)
    writeProcess(to: &text)
    if let furtherMetrics { text.append(await furtherMetrics()) }
    return Response(status: .ok, headers: [.contentType: PrometheusText.contentType], body: ResponseBody(byteBuffer: text.buffer))
  }

  private func write(_ figures: ReceiverMetrics.Figures, to text: inout PrometheusText) {
    let lanes: [(name: String, help: String, value: ReceiverMetrics.PerLane)] = [
      ("fogcatcher_events_received_total", "Events that were understood.", figures.received),
      ("fogcatcher_events_stored_total", "Events stored for the first time.", figures.stored),
      ("fogcatcher_events_duplicate_total", "Events that were stored already.", figures.duplicate),
      ("fogcatcher_events_warned_total", "Events understood with at least one warning.", figures.warned),
    ]
    for lane in lanes {
      text.metric(lane.name, .counter, lane.help)
      text.sample(lane.name, label: ("lane", Lane.history.word), lane.value.history)
      text.sample(lane.name, label: ("lane", Lane.realtime.word), lane.value.realtime)
    }
    text.single("fogcatcher_status_reports_total", .counter, "Status reports stored.", figures.statusReports)
    text.single("fogcatcher_quarantined_total", .counter, "Requests and array elements put into the quarantine.", figures.quarantined)
    text.metric("fogcatcher_refused_total", .counter, "Requests and array elements that were not taken, by reason.")
    for reason in RefusalReason.allCases {
      text.sample("fogcatcher_refused_total", label: ("reason", reason.label), figures.refused[reason.rawValue])
    }
    text.metric("fogcatcher_answer_seconds", .histogram, "Time from the end of a request's header to its answer, by lane.")
    for (kind, histogram) in zip(RouteKind.allCases, figures.answerSeconds) {
      text.histogram("fogcatcher_answer_seconds", label: ("lane", kind.rawValue), histogram)
    }
    text.metric("fogcatcher_commit_batch_items", .histogram, "Items in a commit.")
    text.histogram("fogcatcher_commit_batch_items", figures.batchItems)
    text.metric("fogcatcher_commit_seconds", .histogram, "Time that a commit took.")
    text.histogram("fogcatcher_commit_seconds", figures.batchSeconds)
    text.single("fogcatcher_commit_bytes_total", .counter, "Bytes of texts and pictures given to commits.", figures.batchBytes)
    text.single("fogcatcher_commit_failed_items_total", .counter, "Items that a commit could not store.", figures.itemsNotKept)
  }

  private func writeIntake(_ figures: ReceiverMetrics.Figures, to text: inout PrometheusText) {
    let health = keeper.health
    text.single("fogcatcher_requests_total", .counter, "Requests of any kind.", figures.requests)
    text.single("fogcatcher_requests_in_flight", .gauge, "Requests that are complete and not answered yet.", figures.requestsInFlight)
    text.single("fogcatcher_request_body_bytes_total", .counter, "Bytes of bodies sent to event paths.", figures.bodyBytes)
    text.single("fogcatcher_bodies_in_flight_bytes", .gauge, "Memory reserved for bodies.", admission.bytesInUse)
    text.single("fogcatcher_bodies_waiting", .gauge, "Requests that wait unread for memory.", admission.waitingCount)
    text.single("fogcatcher_connections_open", .gauge, "Open connections.", figures.connectionsOpen)
    text.single("fogcatcher_keep_queue_items", .gauge, "Items that wait for the next commit.", health.queuedItems)
    text.single("fogcatcher_keep_queue_bytes", .gauge, "Bytes that wait for the next commit.", health.queuedBytes)
  }

  /// What cannot be read is left out rather than reported as 0.
  private func writeStorage(to text: inout PrometheusText) async {
    if let free = try? pictures.freeBytes() {
      text.single("fogcatcher_disk_free_bytes", .gauge, "Free space on the disk of the pictures.", free)
    }
    text.single("fogcatcher_volume_bytes", .gauge, "Bytes in the picture volumes.", pictures.usedBytes())
    guard let totals = try? await quarantine.quarantineTotals() else { return }
    text.single("fogcatcher_quarantine_entries", .gauge, "Entries in the quarantine.", totals.entries)
    text.single("fogcatcher_quarantine_bytes", .gauge, "Bytes in the quarantine.", totals.bytes)
    text.single("fogcatcher_quarantine_evicted_total", .counter, "Entries that made room for newer ones.", totals.evicted)
  }

  private func writeProcess(to text: inout PrometheusText) {
    let process = ProcessFigures.read()
    if let bytes = process.residentBytes {
      text.single("process_resident_memory_bytes", .gauge, "Resident memory size in bytes.", bytes)
    }
    if let files = process.openFiles { text.single("process_open_fds", .gauge, "Number of open file descriptors.", files) }
    if let seconds = process.cpuSeconds {
      text.metric("process_cpu_seconds_total", .counter, "Total user and system CPU time spent in seconds.")
      text.sample("process_cpu_seconds_total", seconds)
    }
    if let seconds = process.startSeconds {
      text.metric("process_start_time_seconds", .gauge, "Start time of the process since unix epoch in seconds.")
      text.sample("process_start_time_seconds", seconds)
    }
  }
}
