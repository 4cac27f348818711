import FaceEvents
import Hummingbird

extension ConsolePages {
  /// What is set and where that comes from. What can change at run time is on the pages that it concerns.
  func settings(_ request: PageRequest) async throws -> Response {
    let facts = await sources.node()
    let totals = try await sources.catalog.totals()
    let view: PageView = [
      "version": facts.version, "data": facts.dataDirectory, "started": PageTime.view(facts.startedAt, request) as Any? ?? false,
      "disk": facts.diskFreeBytes.map(PageTime.bytes) ?? "–", "pictures_size": PageTime.bytes(facts.pictureBytes),
      "database_size": PageTime.bytes(totals.databaseBytes), "storage": facts.storageProblem ?? request.texts["storage_good"],
      "storage_state": facts.storageProblem == nil ? "good" : "bad",
      "settings": facts.settings.map { ["name": $0.name, "value": $0.value, "origin": $0.origin, "help": $0.help] },
      "paths": facts.receivePaths.map { ["path": $0.path, "kind": request.texts["kind_" + $0.kind]] },
    ]
    return await render(request, page: "settings", template: "settings", view)
  }

  func help(_ request: PageRequest) async throws -> Response {
    let facts = await sources.node()
    let base = "http://\(request.host)"
    let view: PageView = [
      "urls": await urlGroups(request, addressesMax: 8), "base": base,
      "realtime": base + (Self.bestPath("realtime", facts) ?? "/RealTimeEvent"),
      "history": base + (Self.bestPath("history", facts) ?? "/HistoryEvent"), "version": facts.version,
    ]
    return await render(request, page: "help", template: "help", view)
  }
}
