import Testing

@testable import SystemShims

@Suite(.enabled(if: Compiler.path != nil, Compiler.isMissing))
struct ElfLibraryTests {
  static let source = """
    #include <math.h>
    extern int wanted(int);
    int given(int x) { return wanted(x) + (int)cos(x); }
    __attribute__((weak)) int soft(void) { return 1; }
    __attribute__((visibility("hidden"))) int secret(void) { return 2; }
    int datum = 7;
    """

  static func bytes(_ flags: [String] = []) throws -> [UInt8] {
    let folder = try Folder()
    let path = "\(folder.path)/libfixture.so"
    try Compiler.build(
      source, ["-nostdlib", "-Wl,-soname,libfixture.so.1", "-lm"] + flags, to: path)
    return try readRegularFile(path, limit: 1 << 24)
  }

  @Test(
    "symbols are found through each kind of hash table",
    arguments: ["gnu", "sysv", "both"])
  func hashTables(style: String) throws {
    let library = try ElfLibrary(
      bytes: Self.bytes(["-Wl,--hash-style=\(style)"]), path: "libfixture.so")
    #expect(library.soname == "libfixture.so.1")
    #expect(library.needed == ["libm.so.6"])
    let given = try #require(try library.symbol(named: "given"))
    #expect(given.isExported && given.isFunction && given.binding == .global)
    #expect(try library.symbol(named: "soft")?.binding == .weak)
    let datum = try #require(try library.symbol(named: "datum"))
    #expect(datum.isExported && !datum.isFunction)
    #expect(try library.symbol(named: "secret") == nil)
    #expect(try library.symbol(named: "wanted")?.isExported != true)
    #expect(try library.symbol(named: "give") == nil)
    #expect(try library.symbol(named: "givenn") == nil)

    let names = Set(try library.symbols().filter(\.isExported).map(\.name))
    #expect(names == ["given", "soft", "datum"])
    #expect(try library.symbols().contains { $0.name == "wanted" && !$0.isDefined })
  }

  @Test("search paths are read as they stand")
  func searchPaths() throws {
    let run = try ElfLibrary(
      bytes: Self.bytes(["-Wl,-rpath,$ORIGIN/a:/b", "-Wl,--enable-new-dtags"]), path: "x.so")
    #expect(run.runPath == ["$ORIGIN/a", "/b"] && run.rPath.isEmpty)
    let old = try ElfLibrary(
      bytes: Self.bytes(["-Wl,-rpath,/c", "-Wl,--disable-new-dtags"]), path: "x.so")
    #expect(old.rPath == ["/c"] && old.runPath.isEmpty)
  }

  @Test("the libraries of this system are read")
  func systemLibraries() throws {
    for name in ["libc.so.6", "libm.so.6", "libstdc++.so.6"] {
      guard let path = LoaderCache.system.paths[name]?.first else { continue }
      let target = try #require(realPath(path))
      let library = try ElfLibrary(bytes: readRegularFile(target, limit: 1 << 28), path: path)
      #expect(library.soname == name)
      #expect(try library.symbols().count > 100)
    }
    if let path = LoaderCache.system.paths["libc.so.6"]?.first, let target = realPath(path) {
      let library = try ElfLibrary(bytes: readRegularFile(target, limit: 1 << 28), path: path)
      #expect(try library.symbol(named: "malloc")?.isExported == true)
    }
  }

  @Test("what is no library for this machine is refused by name")
  func otherFiles() throws {
    let good = try Self.bytes()
    func code(_ bytes: [UInt8]) -> SystemError.Code? {
      do {
        _ = try ElfLibrary(bytes: bytes, path: "libx.so")
        return nil
      } catch {
        #expect(error.message.contains("libx.so"))
        return error.code
      }
    }
    #expect(code([]) == .notElf)
    #expect(code(Array("#!/bin/sh\n".utf8)) == .notElf)
    #expect(code([0x7F, 0x45]) == .damaged)
    var bytes = good
    bytes[4] = 1
    #expect(code(bytes) == .otherMachine)
    bytes = good
    bytes[5] = 2
    #expect(code(bytes) == .otherMachine)
    bytes = good
    bytes[18] = 8
    #expect(code(bytes) == .otherMachine)
    bytes = good
    bytes[16] = 1
    #expect(code(bytes) == .otherMachine)
    let program = try #require(ThisProcess.executable)
    #expect(code(try readRegularFile(program, limit: 1 << 30)) == .otherMachine)
  }

  @Test("a file cut off at any byte is refused", arguments: ["gnu", "sysv"])
  func truncated(style: String) throws {
    let good = try Self.bytes(["-Wl,--hash-style=\(style)", "-s"])
    for count in 0..<good.count {
      #expect(throws: SystemError.self) {
        try ElfLibrary(bytes: Array(good[..<count]), path: "libx.so")
      }
    }
  }

  @Test("random damage never reads outside or runs without end", arguments: ["gnu", "sysv"])
  func mutated(style: String) throws {
    let good = try Self.bytes(["-Wl,--hash-style=\(style)", "-s"])
    // Where the tables stand that say where the other tables stand.
    let library = try ElfLibrary(bytes: good, path: "libx.so")
    let dynamic = try #require(library.segments.first { $0.kind == ElfLibrary.Segment.dynamicKind })
    let hash = try #require(library.dynamic.gnuHash ?? library.dynamic.sysvHash)
    let symbols = try #require(library.dynamic.symbols)
    let places: [Range<Int>] = [
      0..<64, 64..<700, Int(dynamic.offset)..<Int(dynamic.offset + dynamic.fileSize),
      Int(hash)..<(Int(hash) + 64), Int(symbols)..<(Int(symbols) + 200), 0..<good.count,
    ]
    var generator = SeededGenerator(state: 20)
    let values: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
    for _ in 0..<4000 {
      var bytes = good
      for _ in 0..<Int.random(in: 1...6, using: &generator) {
        let place = places.randomElement(using: &generator) ?? 0..<64
        let index = Int.random(in: place, using: &generator)
        bytes[index] =
          Bool.random(using: &generator)
          ? values[Int.random(in: 0..<values.count, using: &generator)]
          : UInt8.random(in: .min ... .max, using: &generator)
      }
      // Either is right; a trap, a read outside or an endless loop would end the test run.
      guard let library = try? ElfLibrary(bytes: bytes, path: "libx.so") else { continue }
      _ = try? library.symbol(named: "given")
      _ = try? library.symbol(named: "absent")
      _ = try? library.symbols()
    }
  }

  @Test("a hash chain in a circle is damage")
  func circularChain() throws {
    var bytes = try Self.bytes(["-Wl,--hash-style=sysv"])
    let library = try ElfLibrary(bytes: bytes, path: "libx.so")
    let table = Int(try #require(library.dynamic.sysvHash))
    let buckets = Int(bytes[table])
    let chains = Int(bytes[table + 4])
    // Every bucket leads to symbol 1, and symbol 1 to itself.
    for index in 0..<buckets { bytes[table + 8 + index * 4] = 1 }
    for index in 0..<chains { bytes[table + 8 + (buckets + index) * 4] = 1 }
    let broken = try ElfLibrary(bytes: bytes, path: "libx.so")
    #expect(throws: SystemError.self) { try broken.symbol(named: "nobody") }
  }
}
