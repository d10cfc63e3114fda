import Glibc
import Testing

@testable import SystemShims

struct FileFactsTests {
  @Test("only a regular file is read, and a link is not followed")
  func kinds() throws {
    let folder = try Folder()
    let file = "\(folder.path)/file"
    try write([1, 2, 3], to: file)
    #expect(try readRegularFile(file, limit: 3) == [1, 2, 3])
    symlink(file, "\(folder.path)/link")
    mkfifo("\(folder.path)/pipe", 0o600)
    for (path, kind) in [
      ("\(folder.path)/link", FileFacts.Kind.link), ("\(folder.path)/pipe", .pipe),
      (folder.path, .folder), ("/dev/null", .device),
    ] {
      #expect(try FileFacts(of: path).kind == kind)
      let error = #expect(throws: SystemError.self) { try readRegularFile(path, limit: 100) }
      #expect(error?.code == .wrongKind)
      #expect(error?.message.contains(path) == true)
      #expect(error?.message.contains(kind.rawValue) == true)
    }
    let missing = #expect(throws: SystemError.self) {
      try readRegularFile("\(folder.path)/none", limit: 1)
    }
    #expect(missing?.errorNumber == ENOENT)
  }

  @Test("a file over the limit is refused; one that grows is read whole")
  func sizes() throws {
    let folder = try Folder()
    let file = "\(folder.path)/file"
    let bytes = [UInt8](repeating: 9, count: 100_000)
    try write(bytes, to: file)
    #expect(try readRegularFile(file, limit: 100_000) == bytes)
    #expect(throws: SystemError.self) { try readRegularFile(file, limit: 99_999) }
    // Says that it has 0 bytes, and has more.
    #expect(try !readRegularFile("/proc/self/status", limit: 1 << 20).isEmpty)
    #expect(throws: SystemError.self) { try readRegularFile("/proc/self/status", limit: 10) }
    try write([], to: file)
    #expect(try readRegularFile(file, limit: 0) == [])
  }

  @Test("who may write is seen")
  func permissions() throws {
    let folder = try Folder()
    #expect(try !FileFacts(of: folder.path).isWorldWritable)
    chmod(folder.path, 0o777)
    let facts = try FileFacts(of: folder.path)
    #expect(facts.isWorldWritable && facts.isGroupWritable && facts.owner == geteuid())
  }

  @Test("CPU features are found under the kernel's and the compiler's names")
  func cpu() {
    let features = CpuFeatures(
      cpuinfo: "processor\t: 0\nflags\t\t: fpu avx2 avx512_bf16\n\nflags: x\n")
    #expect(features.names == ["fpu", "avx2", "avx512_bf16"])
    #expect(features.contains("avx512bf16") && features.contains("AVX2"))
    #expect(!features.contains("avx"))
    #expect(CpuFeatures(cpuinfo: "Features : fp asimd\n").contains("asimd"))
    #expect(CpuFeatures(cpuinfo: "").names.isEmpty)
  }
}
