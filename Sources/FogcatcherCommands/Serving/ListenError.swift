import NIOCore

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// An address that cannot be listened on, with what to do about it.
struct ListenError: Error, CustomStringConvertible {
  var address: ListenAddress
  var cause: any Error

  var description: String { "cannot listen on \(address): \(reason)" }

  private var reason: String {
    guard let error = cause as? IOError else {
      let isUnknownHost = cause is SocketAddressError || cause is SocketAddressError.UnknownHost
      return isUnknownHost ? "there is no such host; give an address of this machine, such as 0.0.0.0" : "\(cause)"
    }
    switch error.errnoCode {
    case EADDRINUSE:
      return "the port is in use by another program (ss -ltnp shows which); stop it, or choose another port with --listen"
    case EACCES:
      return "ports below 1024 need more rights; choose a port from 1024 up with --listen"
    case EADDRNOTAVAIL:
      return "this machine does not have that address; listen on 0.0.0.0 or on one that it has"
    case EMFILE, ENFILE:
      return "no more files can be open; raise the limit (ulimit -n)"
    default:
      return String(cString: strerror(error.errnoCode))
    }
  }
}
