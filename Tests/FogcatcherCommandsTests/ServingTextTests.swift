import NIOCore
import Testing

@testable import FogcatcherCommands

#if canImport(Glibc)
  import Glibc
#endif

@Suite("Serving: what a person is told")
struct ServingTextTests {
  private static let machine = LocalAddresses([
    .init(text: "127.0.0.1", interface: "lo"), .init(text: "::1", interface: "lo"), .init(text: "172.17.0.1", interface: "docker0"),
    .init(text: "192.168.7.20", interface: "eth0"), .init(text: "fd00::20", interface: "eth0"), .init(text: "fe80::1", interface: "eth0"),
    .init(text: "169.254.3.3", interface: "eth1"), .init(text: "10.0.0.5", interface: "wlan0"), .init(text: "10.0.0.5", interface: "wlan0"),
  ])

  @Test(
    "The addresses of a listener: the local network first, bridges after it, loopback last, link-local never",
    arguments: [
      ("0.0.0.0:1", ["192.168.7.20", "10.0.0.5", "172.17.0.1", "127.0.0.1"]),
      ("[::]:1", ["192.168.7.20", "10.0.0.5", "fd00::20", "172.17.0.1", "127.0.0.1", "::1"]), ("10.0.0.5:1", ["10.0.0.5"]),
      ("gate.example:1", ["gate.example"]),
    ])
  func hosts(listener: String, hosts: [String]) throws {
    #expect(Self.machine.hosts(for: try #require(ListenAddress(listener))) == hosts)
  }

  @Test("This machine has at least one address to reach it under")
  func current() { #expect(!LocalAddresses.current.hosts(for: ListenAddress(host: "0.0.0.0", port: 1)).isEmpty) }

  @Test("The announcement has what a person needs to connect a box, to look and to stop")
  func announcement() {
    let text = Announcement(
      listeners: [ListenAddress(host: "0.0.0.0", port: 9528), ListenAddress(host: "::1", port: 5555)], addresses: Self.machine,
      dataDirectory: "/srv/fog data", storedEvents: 1, settingsFile: "./fogcatcher.yaml", processID: 77
    ).text
    #expect(
      text == """
        fogcatcher \(ProgramVersion.text) listens on 0.0.0.0:9528, [::1]:5555

        Paste into the box:
          history   http://192.168.7.20:9528/HistoryEvent
          realtime  http://192.168.7.20:9528/RealTimeEvent
          status    http://192.168.7.20:9528/DeviceStatus
        The same paths work on:
          http://10.0.0.5:9528
          http://172.17.0.1:9528
          http://127.0.0.1:9528
          http://[::1]:5555

        Data:      /srv/fog data (1 event so far)
        Settings:  ./fogcatcher.yaml
        Look:      fogcatcher events --data '/srv/fog data'
        Health:    http://[::1]:5555/readyz
        Stop:      Ctrl-C, or kill 77
        """)
  }

  @Test(
    "An address that cannot be listened on is told with what to do",
    arguments: [
      (EADDRINUSE, "in use by another program"), (EACCES, "choose a port from 1024 up"), (EADDRNOTAVAIL, "does not have that address"),
    ])
  func listenError(code: Int32, text: String) {
    let error = ListenError(address: ListenAddress(host: "0.0.0.0", port: 80), cause: IOError(errnoCode: code, reason: "bind"))
    #expect(error.description.hasPrefix("cannot listen on 0.0.0.0:80: "))
    #expect(error.description.contains(text))
  }
}
