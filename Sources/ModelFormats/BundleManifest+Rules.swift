extension BundleManifest {
  /// Throws at the first value that no bundle may have, read or written.
  func checkRules(_ path: String) throws(FormatError) {
    func require(_ holds: Bool, _ message: @autoclosure () -> String) throws(FormatError) {
      guard !holds else { return }
      throw FormatError(
        code: .badValue, path: path, message: message(),
        remedy: "correct the value, or get the bundle again")
    }
    try require(
      Self.isName(name),
      "name \"\(name)\" is not made of 1 to 100 letters, digits, -, _ and . with no . in front")
    try require(version >= 1, "version \(version) is below 1")
    try require(!task.isEmpty, "task is empty")
    try require(Set(labels).count == labels.count, "labels holds a label twice")
    try require(!members.isEmpty, "members is empty")
    for (index, member) in members.enumerated() {
      try require(
        member.weight.isFinite && member.weight >= 0,
        "members[\(index)].weight is \(member.weight), not a finite number from 0")
    }
    try require(members.contains { $0.weight > 0 }, "all members have the weight 0")
    for (name, metric) in metrics {
      let numbers = [metric.value, metric.low, metric.high].compactMap { $0 }
      try require(
        numbers.allSatisfy(\.isFinite), "metrics.\(name) holds a number that is not finite")
      if let low = metric.low, let high = metric.high {
        try require(low <= high, "metrics.\(name).low is above its high")
      }
    }
    let files = members.map(\.model) + [preparation?.state].compactMap { $0 }
    for file in files {
      try require(
        Self.isInside(file.path), "the file \"\(file.path)\" is not a plain path inside the bundle")
    }
    let paths = files.map(\.path) + [Self.fileName]
    try require(Set(paths).count == paths.count, "two entries name the same file")
  }

  private static func isName(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count) && text.utf8.first != UInt8(ascii: ".")
      && text.utf8.allSatisfy(isNameByte)
  }

  /// Whether a path has only plain components, so that it cannot lead out of the bundle.
  private static func isInside(_ path: String) -> Bool {
    path.utf8.count <= 1000
      && path.split(separator: "/", omittingEmptySubsequences: false).allSatisfy {
        isName(String($0))
      }
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
      UInt8(ascii: "."):
      true
    default: false
    }
  }
}
