import HTTPTypes
import Hummingbird
import NIOCore

/// The files that pages are made of, compiled in. Their URL holds a hash of them all, so that browsers may keep them for ever.
struct PageAssets: Sendable {
  struct Asset: Sendable {
    var bytes: [UInt8]
    var mediaType: String
  }

  static let shared = PageAssets()

  let served: [String: Asset] = [
    "console.css": Asset(bytes: PackageResources.console_css, mediaType: "text/css; charset=utf-8"),
    "favicon.svg": Asset(bytes: PackageResources.favicon_svg, mediaType: "image/svg+xml"),
    "main.js": Asset(bytes: PackageResources.main_js, mediaType: "text/javascript; charset=utf-8"),
    "live.js": Asset(bytes: PackageResources.live_js, mediaType: "text/javascript; charset=utf-8"),
    "events.js": Asset(bytes: PackageResources.events_js, mediaType: "text/javascript; charset=utf-8"),
  ]
  /// `/assets/` and 16 hexadecimal digits.
  let path: String

  private init() {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for (_, asset) in served.sorted(by: { $0.key < $1.key }) {
      for byte in asset.bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
    let digits = String(hash, radix: 16)
    path = "/assets/" + String(repeating: "0", count: 16 - digits.count) + digits
  }

  func addRoutes<Context: RequestContext>(to router: Router<Context>) {
    router.get("/assets/{hash}/{name}") { request, context in
      guard let asset = served[context.parameters.get("name") ?? ""] else { return Response(status: .notFound) }
      var headers: HTTPFields = [.contentType: asset.mediaType]
      if let nosniff = HTTPField.Name("X-Content-Type-Options") { headers[nosniff] = "nosniff" }
      // A page of another version of the program asks for another hash; it gets what there is, but must not keep it.
      headers[.cacheControl] = (request.head.path ?? "").hasPrefix(path + "/") ? "public, max-age=31536000, immutable" : "no-store"
      return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: asset.bytes)))
    }
    router.get("/favicon.ico") { _, _ in Response(status: .found, headers: [.location: path + "/favicon.svg"]) }
  }
}
