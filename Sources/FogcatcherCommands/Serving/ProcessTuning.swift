#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// What a process that runs for months asks of the system.
enum ProcessTuning {
  /// More descriptors than this are never used, and a soft limit of millions costs some libraries a loop over all of them.
  private static let descriptorsMax: rlim_t = 65_536

  static func apply() {
    // A reader that has gone and a file that may not grow are errors of the call, not the end of the process.
    signal(SIGPIPE, SIG_IGN)
    signal(SIGXFSZ, SIG_IGN)
    raiseDescriptorLimit()
    giveMemoryBack()
  }

  private static func raiseDescriptorLimit() {
    #if canImport(Glibc)
      let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
    #else
      let resource = RLIMIT_NOFILE
    #endif
    var limit = rlimit()
    guard getrlimit(resource, &limit) == 0 else { return }
    let wanted = min(limit.rlim_max, descriptorsMax)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    _ = setrlimit(resource, &limit)
  }

  /// Bodies are large and short-lived. By default glibc raises its threshold for mapping them as they come, and keeps what they used in one
  /// arena per thread; so the process would stay as large as its worst moment.
  private static func giveMemoryBack() {
    #if canImport(Glibc)
      typealias Option = @convention(c) (Int32, Int32) -> Int32
      // malloc.h is not part of the Glibc module.
      guard let symbol = dlsym(nil, "mallopt") else { return }
      let mallopt = unsafeBitCast(symbol, to: Option.self)  // safe: mallopt(3) has this signature
      let (trimThreshold, mmapThreshold, arenaMax): (Int32, Int32, Int32) = (-1, -3, -8)
      _ = mallopt(mmapThreshold, 4 << 20)
      _ = mallopt(trimThreshold, 4 << 20)
      _ = mallopt(arenaMax, 2)
    #endif
  }
}
