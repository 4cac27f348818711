/// Random numbers that a seed repeats (SplitMix64, Steele, Lea and Flood, OOPSLA 2014): every run of a workload finds the same.
struct SteadyNumbers: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  mutating func int(_ range: Range<Int>) -> Int { Int.random(in: range, using: &self) }

  mutating func chance(_ percent: Int) -> Bool { int(0..<100) < percent }

  mutating func pick<Element>(_ choices: [Element]) -> Element { choices[int(0..<choices.count)] }
}
