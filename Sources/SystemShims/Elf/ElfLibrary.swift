/// A 64-bit little-endian ELF shared library, read from bytes that nobody vouches for.
///
///     let library = try ElfLibrary(bytes: bytes, path: path)
///     library.needed                          // ["libm.so.6", "libc.so.6"]
///     try library.symbol(named: "cadre_entry_0")?.isDefined
///
/// Nothing outside the bytes is ever read, whatever they say; what contradicts itself throws.
/// Source: System V ABI, chapters 4 and 5, and its x86-64 and AArch64 supplements.
public struct ElfLibrary: Sendable {
  /// A part of the file that the loader maps.
  struct Segment: Sendable {
    let kind: UInt32
    let offset: UInt64
    let address: UInt64
    let fileSize: UInt64
  }

  /// The file's path, for messages.
  public let path: String
  let view: ByteView
  let segments: [Segment]
  let sectionTable: SectionTable?
  let dynamic: DynamicSection

  /// The names of the libraries that it needs, in order.
  public var needed: [String] { dynamic.needed }
  /// Its own name, empty where it has none.
  public var soname: String { dynamic.soname }
  /// Folders of `DT_RPATH` as they stand, `$ORIGIN` unexpanded.
  ///
  /// Ignored by the loader where `runPath` is not empty.
  public var rPath: [String] { dynamic.rPath }
  /// Folders of `DT_RUNPATH` as they stand, `$ORIGIN` unexpanded.
  public var runPath: [String] { dynamic.runPath }
  /// Whether its code must be patched while loading, which no hardened system allows.
  public var hasTextRelocations: Bool { dynamic.hasTextRelocations }
  /// Whether it wants room in the small static block of thread-local storage; each generation of it
  /// uses some up for ever.
  public var usesStaticTLS: Bool { dynamic.usesStaticTLS }

  /// Reads header, program headers and dynamic section.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: Its path, for messages.
  /// - Throws: `SystemError` with code `notElf`, `otherMachine` or `damaged`.
  /// - Complexity: O(program headers + dynamic entries).
  public init(bytes: [UInt8], path: String) throws(SystemError) {
    self.path = path
    let view = ByteView(bytes: bytes, path: path)
    self.view = view
    try Self.checkIdentity(view)
    let segments = try Self.readSegments(view)
    self.segments = segments
    sectionTable = try SectionTable(view)
    guard let table = segments.first(where: { $0.kind == Segment.dynamicKind }) else {
      throw .otherMachine(path, "has no dynamic section, so it is no shared library")
    }
    dynamic = try DynamicSection(view, table: table, segments: segments)
    if dynamic.isExecutable {
      throw .otherMachine(path, "is a program, not a shared library")
    }
  }

  /// The machine that this process runs on, as ELF numbers it.
  static var hostMachine: UInt16 {
    #if arch(x86_64)
      62
    #elseif arch(arm64)
      183
    #elseif arch(riscv64)
      243
    #else
      0
    #endif
  }

  private static func machineName(_ machine: UInt16) -> String {
    switch machine {
    case 3: "x86 (32 bit)"
    case 21: "PowerPC 64"
    case 22: "s390x"
    case 40: "ARM (32 bit)"
    case 62: "x86-64"
    case 183: "AArch64"
    case 243: "RISC-V"
    default: "machine number \(machine)"
    }
  }

  private static func checkIdentity(_ view: ByteView) throws(SystemError) {
    guard !view.bytes.isEmpty else { throw .notElf(view.path, "it is empty") }
    let magic: [UInt8] = [0x7F, 0x45, 0x4C, 0x46]
    guard view.bytes.starts(with: magic.prefix(view.bytes.count)) else {
      throw .notElf(view.path, "it does not begin with the bytes 7F 'ELF'")
    }
    try view.require(0, 64, "the ELF header")
    guard view.bytes[4] == 2 else {
      throw .otherMachine(view.path, "is an ELF file of 32 bit; this program takes 64")
    }
    guard view.bytes[5] == 1 else {
      throw .otherMachine(view.path, "is a big-endian ELF file; this machine is little-endian")
    }
    let machine = try view.u16(at: 18, "the machine")
    guard machine == hostMachine else {
      throw .otherMachine(
        view.path,
        "is built for \(machineName(machine)); this machine is \(machineName(hostMachine))")
    }
    guard try view.u16(at: 16, "the file type") == 3 else {
      throw .otherMachine(view.path, "is an ELF file, but not a shared library")
    }
  }

  private static func readSegments(_ view: ByteView) throws(SystemError) -> [Segment] {
    let start = try view.u64(at: 32, "the place of the program headers")
    let entrySize = UInt64(try view.u16(at: 54, "the size of a program header"))
    let count = UInt64(try view.u16(at: 56, "the number of program headers"))
    guard entrySize == 56 else {
      throw .damaged(view.path, "a program header has \(entrySize) bytes instead of 56")
    }
    try view.require(start, count * entrySize, "the table of program headers")
    var segments: [Segment] = []
    for index in 0..<count {
      let at = start + index * entrySize
      let segment = Segment(
        kind: try view.u32(at: at, "a program header"),
        offset: try view.u64(at: at + 8, "a program header"),
        address: try view.u64(at: at + 16, "a program header"),
        fileSize: try view.u64(at: at + 32, "a program header"))
      if segment.kind == Segment.loadKind || segment.kind == Segment.dynamicKind {
        try view.require(segment.offset, segment.fileSize, "a segment")
        segments.append(segment)
      }
    }
    return segments
  }
}

extension ElfLibrary.Segment {
  static let loadKind: UInt32 = 1
  static let dynamicKind: UInt32 = 2
}

extension [ElfLibrary.Segment] {
  /// The place in the file of an address in memory.
  func fileOffset(
    of address: UInt64, _ what: StaticString, path: String
  ) throws(SystemError) -> UInt64 {
    for segment in self where segment.kind == ElfLibrary.Segment.loadKind {
      if address >= segment.address, address - segment.address < segment.fileSize {
        // Cannot overflow: the segment was checked to end inside the file.
        return segment.offset + (address - segment.address)
      }
    }
    throw .damaged(path, "\(what) lies at an address that no segment covers")
  }
}
