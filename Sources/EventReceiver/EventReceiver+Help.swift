import EventCoding
import HTTPTypes
import Hummingbird
import NIOCore

extension EventReceiver {
  /// What a path takes, for people who paste it into a browser.
  func help(for path: String, kind: RouteKind, request: Request) -> Response {
    let host = request.head.authority ?? "localhost:9528"
    var writer = JSONWriter(capacity: 1024)
    writer.object { help in
      help.member("path", path)
      help.member("method", "POST")
      help.member("kind", kind.rawValue)
      help.member("takes", kind.description)
      help.member("content_types", ["application/json", "multipart/form-data", "application/x-www-form-urlencoded"])
      help.member("body_bytes_max", settings.bodyBytesMax)
      help.member("example", "curl -H 'Content-Type: application/json' --data @event.json http://\(host)\(path)")
      help.member("answer", #"{"status":0,"message":"SUCCESS","data":{…}} once it is stored; an error has a status other than 0"#)
    }
    let json = writer.buffer
    var headers: HTTPFields = [.contentType: "application/json"]
    guard request.method == .head else { return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: json)) }
    headers[.contentLength] = String(json.readableBytes)
    return Response(status: .ok, headers: headers)
  }
}

extension RouteKind {
  fileprivate var description: String {
    switch self {
    case .history: "one history event (a record that may come late), or an array of them"
    case .realtime: "one realtime event (sent at the moment of recognition), or an array of them"
    case .status: "one status report of a box"
    }
  }
}
