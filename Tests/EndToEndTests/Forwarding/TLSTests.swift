import FaceEvents
import Foundation
import Testing

extension EndToEnd {
  /// Whom a node believes.
  @Suite @BlockingThread struct ForwardingTLS {
    private static let server = """
      import http.server, ssl, sys
      class H(http.server.BaseHTTPRequestHandler):
          protocol_version = "HTTP/1.1"
          def do_POST(self):
              self.rfile.read(int(self.headers["Content-Length"]))
              self.send_response(200); self.send_header("Content-Length", "2"); self.end_headers(); self.wfile.write(b"{}")
          def log_message(self, *a): pass
      s = http.server.ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), H)
      c = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER); c.load_cert_chain(sys.argv[2], sys.argv[3])
      s.socket = c.wrap_socket(s.socket, server_side=True); print("ready", flush=True); s.serve_forever()
      """

    @Test(
      "a target with a certificate of its own is believed when its authority is named, or nobody is asked; else events wait",
      .timeLimit(.minutes(5)), .enabled(if: Surroundings.hasProgram("openssl") && Surroundings.hasProgram("python3")))
    func unknownAuthority() throws {
      let directory = try TemporaryDirectory()
      let (certificate, key) = (directory.file("own.pem"), directory.file("own.key"))
      let made = try Program.run(
        [
          "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", key, "-out", certificate, "-days", "2", "-subj",
          "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
        ], directory: directory)
      try #require(made.exit == .code(0), "\(made.errorOutput)")
      let port = try Ports.free()
      let script = try directory.write(Array(Self.server.utf8), to: "server.py")
      let server = try ChildProcess(["python3", script, "\(port)", certificate, key], output: directory.file("server"))
      try #require(Deadline(.seconds(20)).wait { server.output.contains("ready") }, "\(server.errorOutput)")

      let url = "https://localhost:\(port)/HistoryEvent"
      var trusting = ForwardTarget(id: "trusting", lane: .history, urls: [url])
      trusting.tls.caFile = certificate
      var careless = ForwardTarget(id: "careless", lane: .history, urls: [url])
      careless.tls.isInsecure = true
      let node = try Node()
      try node.save(ForwardTarget(id: "strict", lane: .history, urls: [url]), trusting, careless)
      try node.start()
      let event = EventFactory(seed: 5).event(1, form: "G1")
      #expect(try node.send(HTTPRequest("POST", "/HistoryEvent", body: event.json)).status == 200)
      for id in ["trusting", "careless"] {
        #expect(Deadline(.seconds(30)).wait { node.figure(#"fogcatcher_forwarded_total{target="\#(id)"}"#) == 1 }, "\(id)")
      }
      #expect(
        Deadline(.seconds(30)).wait { (node.figure(#"fogcatcher_forward_retries_total{target="strict",reason="network"}"#) ?? 0) > 0 })
      #expect(node.figure(#"fogcatcher_forwarded_total{target="strict"}"#) == 0)
      #expect(node.log.contains("certificate of a target is not checked"))
    }
  }
}
