/// A symbol of the dynamic symbol table.
public struct ElfSymbol: Hashable, Sendable {
  /// Who may define it and how definitions combine.
  public enum Binding: Hashable, Sendable {
    /// Not seen by others.
    case local
    /// One definition.
    case global
    /// Gives way to another definition.
    case weak
    /// One in the whole process, whatever `RTLD_LOCAL` says; a second generation gets the first
    /// one's.
    case unique
    /// Any other number.
    case other(UInt8)
  }

  /// Its name; empty for the table's first entry.
  public let name: String
  /// Its binding.
  public let binding: Binding
  /// Whether the library defines it; otherwise it asks for it.
  public let isDefined: Bool
  /// Whether it is code: a function, or one that is chosen at load time.
  public let isFunction: Bool
  /// Whether others can see it.
  public let isVisible: Bool

  /// Whether the library gives it to others.
  public var isExported: Bool { isDefined && isVisible && binding != .local }
}

extension ElfLibrary {
  static let symbolSize: UInt64 = 24
  private static let nameLimit = 1 << 20

  /// The dynamic symbol of that name, found the way `dlsym` finds it: by the GNU hash table, else
  /// the older one, else in the whole table.
  ///
  /// - Returns: nil where the library neither defines nor names it (the GNU table holds only what
  ///   is defined).
  /// - Throws: `SystemError` with code `damaged`.
  /// - Complexity: O(1) with a hash table, else O(symbols).
  public func symbol(named name: String) throws(SystemError) -> ElfSymbol? {
    guard dynamic.symbols != nil else { return nil }
    let wanted = Array(name.utf8)
    if let table = dynamic.gnuHash { return try findByGnuHash(wanted, table) }
    if let table = dynamic.sysvHash { return try findBySysvHash(wanted, table) }
    for index in 0..<(try symbolCount()) where try hasName(wanted, at: index) {
      return try symbol(at: index)
    }
    return nil
  }

  /// All dynamic symbols without the empty first one.
  ///
  /// - Throws: `SystemError` with code `damaged`, also where the names together are longer than
  ///   four times the file, as they are in no real library.
  /// - Complexity: O(symbols + bytes of their names).
  public func symbols() throws(SystemError) -> [ElfSymbol] {
    let count = try symbolCount()
    var result: [ElfSymbol] = []
    var budget = 4 * view.bytes.count
    var index: UInt64 = 1
    while index < count {
      let symbol = try symbol(at: index)
      budget -= symbol.name.utf8.count
      guard budget >= 0 else { throw .damaged(path, "its symbols share absurdly long names") }
      result.append(symbol)
      index += 1
    }
    return result
  }

  /// The number of dynamic symbols.
  ///
  /// Only a hash table or the section headers tell.
  func symbolCount() throws(SystemError) -> UInt64 {
    guard let start = dynamic.symbols else { return 0 }
    let count: UInt64
    if let table = dynamic.sysvHash {
      count = UInt64(try view.u32(at: table + 4, "the hash table"))
    } else if let table = dynamic.gnuHash {
      count = try countByGnuHash(table)
    } else {
      count = sectionTable?.dynamicSymbols?.count ?? 0
    }
    try view.require(start, count * Self.symbolSize, "the symbol table")
    return count
  }

  // MARK: One symbol

  private func offset(ofSymbol index: UInt64) throws(SystemError) -> UInt64 {
    guard let start = dynamic.symbols else {
      throw .damaged(path, "it has a hash table but no symbols")
    }
    // Indices come from 32-bit fields, so the product fits.
    let at = start + index * Self.symbolSize
    try view.require(at, Self.symbolSize, "a symbol")
    return at
  }

  private func nameOffset(ofSymbol index: UInt64) throws(SystemError) -> UInt64 {
    let name = UInt64(try view.u32(at: try offset(ofSymbol: index), "a symbol"))
    guard name < dynamic.strings.upperBound - dynamic.strings.lowerBound else {
      throw .damaged(path, "the name of symbol \(index) lies outside of the string table")
    }
    return dynamic.strings.lowerBound + name
  }

  private func hasName(_ wanted: [UInt8], at index: UInt64) throws(SystemError) -> Bool {
    let at = Int(try nameOffset(ofSymbol: index))
    let end = at + wanted.count
    // The string table ends inside the file, so `end` cannot overflow.
    guard end < Int(dynamic.strings.upperBound) else { return false }
    return view.bytes[end] == 0 && view.bytes[at..<end].elementsEqual(wanted)
  }

  private func symbol(at index: UInt64) throws(SystemError) -> ElfSymbol {
    let at = try offset(ofSymbol: index)
    let name = try view.text(
      at: try nameOffset(ofSymbol: index), end: dynamic.strings.upperBound,
      limit: Self.nameLimit, "the name of a symbol")
    let info = try view.integer(UInt8.self, at: at + 4, "a symbol")
    let visibility = try view.integer(UInt8.self, at: at + 5, "a symbol") & 3
    let section = try view.u16(at: at + 6, "a symbol")
    let binding: ElfSymbol.Binding =
      switch info >> 4 {
      case 0: .local
      case 1: .global
      case 2: .weak
      case 10: .unique
      default: .other(info >> 4)
      }
    return ElfSymbol(
      name: String(decoding: name, as: UTF8.self), binding: binding, isDefined: section != 0,
      isFunction: info & 15 == 2 || info & 15 == 10,
      // Default and protected are seen by others; internal and hidden are not.
      isVisible: visibility == 0 || visibility == 3)
  }

  // MARK: Hash tables

  private func findBySysvHash(
    _ wanted: [UInt8], _ table: UInt64
  ) throws(SystemError) -> ElfSymbol? {
    var hash: UInt32 = 0
    for byte in wanted {
      hash = hash << 4 &+ UInt32(byte)
      let high = hash & 0xF000_0000
      hash = (hash ^ high >> 24) & ~high
    }
    let buckets = UInt64(try view.u32(at: table, "the hash table"))
    let chains = UInt64(try view.u32(at: table + 4, "the hash table"))
    guard buckets > 0 else { return nil }
    let bucket = table + 8 + UInt64(hash) % buckets * 4
    var index = UInt64(try view.u32(at: bucket, "the hash table"))
    var steps: UInt64 = 0
    while index != 0 {
      // A chain in a circle would never end.
      guard index < chains, steps < chains else { throw .damaged(path, "a hash chain never ends") }
      if try hasName(wanted, at: index) { return try symbol(at: index) }
      index = UInt64(try view.u32(at: table + 8 + (buckets + index) * 4, "the hash table"))
      steps += 1
    }
    return nil
  }

  /// The GNU hash table: four counts, a Bloom filter of 64-bit words, buckets, chains of hashes that
  /// end with their lowest bit set.
  ///
  /// The chains run parallel to the symbols from `first` on.
  private struct GnuTable {
    let bucketCount: UInt64
    let first: UInt64
    let buckets: UInt64
    var chains: UInt64 { buckets + bucketCount * 4 }

    init(_ view: ByteView, _ table: UInt64) throws(SystemError) {
      bucketCount = UInt64(try view.u32(at: table, "the GNU hash table"))
      first = UInt64(try view.u32(at: table + 4, "the GNU hash table"))
      let filterWords = UInt64(try view.u32(at: table + 8, "the GNU hash table"))
      buckets = table + 16 + filterWords * 8
      try view.require(buckets, bucketCount * 4, "the GNU hash table")
    }
  }

  private func findByGnuHash(
    _ wanted: [UInt8], _ table: UInt64
  ) throws(SystemError) -> ElfSymbol? {
    let hash = wanted.reduce(UInt32(5381)) { $0 &* 33 &+ UInt32($1) }
    let gnu = try GnuTable(view, table)
    guard gnu.bucketCount > 0 else { return nil }
    let bucket = gnu.buckets + UInt64(hash) % gnu.bucketCount * 4
    var index = UInt64(try view.u32(at: bucket, "the GNU hash table"))
    guard index != 0 else { return nil }
    guard index >= gnu.first else { throw .damaged(path, "a hash bucket points before its chains") }
    while true {
      let link = try view.u32(at: gnu.chains + (index - gnu.first) * 4, "the GNU hash table")
      if link | 1 == hash | 1, try hasName(wanted, at: index) { return try symbol(at: index) }
      if link & 1 == 1 { return nil }
      index += 1
    }
  }

  private func countByGnuHash(_ table: UInt64) throws(SystemError) -> UInt64 {
    let gnu = try GnuTable(view, table)
    var last: UInt64 = 0
    for bucket in 0..<gnu.bucketCount {
      last = max(last, UInt64(try view.u32(at: gnu.buckets + bucket * 4, "the GNU hash table")))
    }
    // All buckets empty: the table holds only what the library asks for, and `first` counts that.
    guard last != 0 else { return gnu.first }
    guard last >= gnu.first else { throw .damaged(path, "a hash bucket points before its chains") }
    while try view.u32(at: gnu.chains + (last - gnu.first) * 4, "the GNU hash table") & 1 == 0 {
      last += 1
    }
    return last + 1
  }
}
