import Testing

/// The built executable, tried as boxes, people and bad luck treat it. One test at a time: each starts processes and measures them.
@Suite(.serialized) enum EndToEnd {}
