/// What the dynamic section says to the loader.
struct DynamicSection: Sendable {
  private(set) var needed: [String] = []
  private(set) var soname = ""
  private(set) var rPath: [String] = []
  private(set) var runPath: [String] = []
  private(set) var hasTextRelocations = false
  private(set) var usesStaticTLS = false
  private(set) var isExecutable = false
  /// Offsets in the file, or nil where the entry is missing.
  private(set) var symbols: UInt64?
  private(set) var sysvHash: UInt64?
  private(set) var gnuHash: UInt64?
  /// The string table: where it starts and ends in the file.
  private(set) var strings: Range<UInt64> = 0..<0

  // More than any real library has; they keep a hostile file from costing memory and time.
  private static let neededLimit = 512
  private static let textLimit = 16 << 10

  init(
    _ view: ByteView, table: ElfLibrary.Segment, segments: [ElfLibrary.Segment]
  ) throws(SystemError) {
    let path = view.path
    var neededAt: [UInt64] = []
    var sonameAt: UInt64?
    var rPathAt: UInt64?
    var runPathAt: UInt64?
    var stringsAddress: UInt64?
    var stringsSize: UInt64 = 0
    var at = table.offset
    let end = table.offset + table.fileSize
    entries: while end - at >= 16 {
      let tag = try view.u64(at: at, "the dynamic section")
      let value = try view.u64(at: at + 8, "the dynamic section")
      at += 16
      switch tag {
      case 0: break entries
      case 1: neededAt.append(value)
      case 4: sysvHash = try segments.fileOffset(of: value, "the hash table", path: path)
      case 5: stringsAddress = value
      case 6: symbols = try segments.fileOffset(of: value, "the symbol table", path: path)
      case 10: stringsSize = value
      case 11:
        guard value == ElfLibrary.symbolSize else {
          throw .damaged(path, "a symbol has \(value) bytes instead of \(ElfLibrary.symbolSize)")
        }
      case 14: sonameAt = value
      case 15: rPathAt = value
      case 22: hasTextRelocations = true
      case 29: runPathAt = value
      case 30:
        hasTextRelocations = hasTextRelocations || value & 0x4 != 0
        usesStaticTLS = value & 0x10 != 0
      case 0x6FFF_FEF5: gnuHash = try segments.fileOffset(of: value, "the hash table", path: path)
      case 0x6FFF_FFFB: isExecutable = value & 0x0800_0000 != 0
      default: break
      }
    }
    guard neededAt.count <= Self.neededLimit else {
      throw .damaged(path, "it needs \(neededAt.count) libraries, more than \(Self.neededLimit)")
    }
    if let stringsAddress {
      let start = try segments.fileOffset(of: stringsAddress, "the string table", path: path)
      try view.require(start, stringsSize, "the string table")
      strings = start..<(start + stringsSize)
    }
    for offset in neededAt {
      needed.append(try string(view, offset, "the name of a needed library"))
    }
    if let sonameAt { soname = try string(view, sonameAt, "the library's own name") }
    if let rPathAt { rPath = Self.folders(try string(view, rPathAt, "the search path")) }
    if let runPathAt { runPath = Self.folders(try string(view, runPathAt, "the search path")) }
  }

  private func string(
    _ view: ByteView, _ offset: UInt64, _ what: StaticString
  ) throws(SystemError) -> String {
    guard offset < strings.upperBound - strings.lowerBound else {
      throw .damaged(view.path, "\(what) lies outside of the string table")
    }
    let text = try view.text(
      at: strings.lowerBound + offset, end: strings.upperBound, limit: Self.textLimit, what)
    return String(decoding: text, as: UTF8.self)
  }

  private static func folders(_ text: String) -> [String] {
    text.split(separator: ":").map(String.init)
  }
}
