import FaceEvents

/// In which quarter of its scale a score is: 1 to 4, or 0 without a score. The bounds have no rounding error, so SQL and Swift agree.
enum ScoreQuarter {
  /// A score in percent counts as its hundredth part.
  static let valueSQL = "score / iif(score_scale = 2, 100.0, 1.0)"

  static let sql = """
    CASE WHEN score IS NULL THEN 0 WHEN \(valueSQL) < 0.25 THEN 1 WHEN \(valueSQL) < 0.5 THEN 2 WHEN \(valueSQL) < 0.75 THEN 3 ELSE 4 END
    """

  static func of(_ score: Score?) -> Int64 {
    // Stored as no score.
    guard let score, !score.value.isNaN else { return 0 }
    return quarter(score.scale == .percent ? score.value / 100 : score.value)
  }

  /// Those that have scores of a range; nil when neither end is set.
  static func range(min: Double?, max: Double?) -> ClosedRange<Int64>? {
    guard min != nil || max != nil else { return nil }
    let (first, last) = (min.map(quarter) ?? 1, max.map(quarter) ?? 4)
    return first <= last ? first...last : first...first
  }

  private static func quarter(_ value: Double) -> Int64 { value < 0.25 ? 1 : value < 0.5 ? 2 : value < 0.75 ? 3 : 4 }
}
