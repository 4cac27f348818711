public import Hummingbird

/// The console: plain HTML pages that people look at, rendered here, which work without JavaScript except for what moves by itself.
public struct ConsolePages: Sendable {
  let sources: ConsoleSources
  let exportSlots: ExportSlots
  let renderer: PageRenderer

  /// - Parameter api: whose exports the pages show.
  public init(_ sources: ConsoleSources, api: EventAPI) {
    self.sources = sources
    exportSlots = api.exports
    renderer = PageRenderer()
  }

  public func addRoutes<Context: RequestContext>(to router: Router<Context>) {
    PageAssets.shared.addRoutes(to: router)
    addReadingRoutes(to: router)
    addSteeringRoutes(to: router)
  }

  private func addReadingRoutes<Context: RequestContext>(to router: Router<Context>) {
    page("/", router) { try await live($0) }
    page("/overview", router) { try await overview($0) }
    page("/events", router) { try await events($0) }
    page("/events/{id}", router) { try await event($0) }
    page("/exports", router) { exports($0) }
    page("/people", router) { try await people($0) }
    page("/people/{id}", router) { try await person($0) }
    page("/boxes", router) { try await boxes($0) }
    page("/boxes/{code}", router) { try await box($0) }
    page("/forwarding", router) { try await forwarding($0) }
    page("/forwarding/{id}", router) { try await editTarget($0) }
    page("/quarantine", router) { try await quarantine($0) }
    page("/quarantine/{id}/body", router) { try await quarantinedBody($0) }
    page("/settings", router) { try await settings($0) }
    page("/help", router) { try await help($0) }
  }

  private func addSteeringRoutes<Context: RequestContext>(to router: Router<Context>) {
    action("/preferences", router) { request, form in preferences(request, form) }
    action("/test-event", router) { try await sendTestEvent($0, $1) }
    action("/forwarding", router) { try await saveTarget($0, $1) }
    action("/forwarding/{id}/{action}", router) { try await steerTarget($0, $1) }
    action("/parked/{action}", router) { try await steerParked($0, $1) }
    action("/quarantine/{id}/{action}", router) { request, _ in try await steerQuarantine(request) }
  }

  private func page<Context: RequestContext>(
    _ path: RouterPath, _ router: Router<Context>, _ body: @escaping @Sendable (PageRequest) async throws -> Response
  ) {
    router.get(path) { request, _ in
      let page = PageRequest(request)
      return await answering(page) { try await body(page) }
    }
  }

  private func action<Context: RequestContext>(
    _ path: RouterPath, _ router: Router<Context>, _ body: @escaping @Sendable (PageRequest, PageForm) async throws -> Response
  ) {
    router.post(path) { request, _ in
      let page = PageRequest(request)
      return await answering(page) {
        guard page.isSameOrigin(request) else { throw PageFailure(.forbidden, "cross_site") }
        return try await body(page, try await PageForm(request))
      }
    }
  }

  /// Off the connection's event loop: reading and writing of other requests go on there.
  private func answering(_ page: PageRequest, _ body: () async throws -> Response) async -> Response {
    await withTaskExecutorPreference(globalConcurrentExecutor) {
      do {
        return try await body()
      } catch {
        return await failure(PageFailure(error), page)
      }
    }
  }
}
