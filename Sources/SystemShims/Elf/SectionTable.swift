/// The table of section headers.
///
/// The loader does not use it; it shows whether the file is whole, and finds the dynamic symbols
/// where no hash table counts them.
struct SectionTable: Sendable {
  /// Where the dynamic symbols stand in the file, or nil.
  let dynamicSymbols: (offset: UInt64, count: UInt64)?

  /// Reads the table; nil where the file has none.
  ///
  /// - Throws: `SystemError` with code `damaged` where it does not lie inside the file.
  init?(_ view: ByteView) throws(SystemError) {
    let start = try view.u64(at: 40, "the place of the section headers")
    guard start != 0 else { return nil }
    let entrySize = UInt64(try view.u16(at: 58, "the size of a section header"))
    var count = UInt64(try view.u16(at: 60, "the number of section headers"))
    guard entrySize == 64 else {
      throw .damaged(view.path, "a section header has \(entrySize) bytes instead of 64")
    }
    try view.require(start, entrySize, "the table of section headers")
    // A count too large for its field stands in the first header.
    if count == 0 { count = try view.u64(at: start + 32, "the number of section headers") }
    let (size, overflow) = count.multipliedReportingOverflow(by: entrySize)
    try view.require(start, overflow ? .max : size, "the table of section headers")

    var symbols: (offset: UInt64, count: UInt64)?
    for index in 0..<count {
      let at = start + index * entrySize
      guard try view.u32(at: at + 4, "a section header") == Self.dynamicSymbolsKind else {
        continue
      }
      let offset = try view.u64(at: at + 24, "a section header")
      let byteCount = try view.u64(at: at + 32, "a section header")
      try view.require(offset, byteCount, "the section of dynamic symbols")
      symbols = (offset, byteCount / ElfLibrary.symbolSize)
      break
    }
    dynamicSymbols = symbols
  }

  private static let dynamicSymbolsKind: UInt32 = 11
}
