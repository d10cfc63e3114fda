import ArtifactStore
import CadreABI
import Glibc
import SystemShims
import Testing

@testable import PluginLoader

@Suite(.enabled(if: Fixture.compiler != nil, Fixture.noCompiler))
struct LoadTests {
  @Test("a good plug-in becomes a module, from a private copy named by its digest")
  func good() throws {
    let bench = try Bench()
    let path = try bench.add()
    let scan = bench.loader.scan()
    #expect(scan.refusals.isEmpty)
    let candidate = try #require(scan.candidates.first)
    #expect(candidate.library == path)
    let image = try bench.loader.load(candidate)
    let digest = Digest(of: try read(path))
    #expect(image.digest == digest.description)
    #expect(image.path == "\(bench.root)/cache/images/\(digest.hex).so")
    #expect(bench.images == ["\(digest.hex).so"])
    #expect(image.manifest == candidate.manifest)
    #expect(image.module.pointee.size == UInt32(CADRE_END_cadre_module_extension))
    let about = image.module.pointee.about
    let text = String(
      decoding: UnsafeRawBufferPointer(start: about.data, count: Int(about.size)), as: UTF8.self)
    #expect(text == "fixture \(bench.mark)")
  }

  @Test("one library is loaded once, from whatever path and by whatever loader")
  func once() throws {
    let bench = try Bench()
    let first = try bench.add()
    let second = "\(bench.plugins)/libcopy.so"
    try write(try read(first), to: second)
    try bench.describe(second)
    let image = try bench.load(first)
    #expect(try bench.load(first) === image)
    #expect(try bench.load(second) === image)
    #expect(bench.images.count == 1)
  }

  @Test("another file at one path gives the new code, and the old one stays in use")
  func replaced() throws {
    let bench = try Bench()
    let path = try bench.add()
    let old = try bench.load(path)
    try bench.add("libplugin.so", ["VERSION=\"2.0.0\""], change: { $0.version = "2.0.0" })
    let new = try bench.load(path)
    func version(_ image: PluginImage) -> String {
      let text = image.module.pointee.version
      return String(
        decoding: UnsafeRawBufferPointer(start: text.data, count: Int(text.size)), as: UTF8.self)
    }
    #expect(version(old) == "1.2.3")
    #expect(version(new) == "2.0.0")
    #expect(bench.images.count == 2)
  }

  @Test("a passed probe is remembered by digest, and its private copy is used again")
  func remembered() throws {
    let bench = try Bench()
    let path = try bench.add()
    let digest = Digest(of: try read(path))
    // What another process has left: a probe that passed, and an image.
    ProbeMemory(cacheFolder: bench.setup.cacheFolder).remember(
      Handshake.Facts(id: "org.test.plugin", version: "1.2.3", about: ""), of: digest)
    bench.setup.probe = "/no/such/probe"
    _ = try bench.load(path)
    #expect(bench.images == ["\(digest.hex).so"])
  }

  @Test("a damaged private copy is made anew")
  func damagedImage() throws {
    let bench = try Bench()
    let path = try bench.add()
    let digest = Digest(of: try read(path))
    let images = try ImageFolder(
      cacheFolder: bench.setup.cacheFolder, environment: [:], for: path)
    try write([1, 2, 3], to: images.path(of: digest))
    let image = try bench.load(path)
    #expect(Digest(of: try read(image.path)) == digest)
  }

  @Test("without a cache it loads all the same, and leaves nothing in the temporary folder")
  func noCache() throws {
    let bench = try Bench()
    let path = try bench.add()
    let temporary = "\(bench.root)/tmp"
    mkdir(temporary, 0o700)
    bench.setup.environment["TMPDIR"] = temporary
    // A file where the cache folder should be: it cannot be made, even by root.
    try write([], to: "\(bench.root)/blocked")
    bench.setup.cacheFolder = "\(bench.root)/blocked/cache"
    _ = try bench.load(path)
    #expect(FilePath.names(in: temporary) == [])
  }

  @Test("where no private copy can be made, the remedy names a way out")
  func nowhere() throws {
    let bench = try Bench()
    let path = try bench.add()
    bench.setup.cacheFolder = nil
    bench.setup.environment["TMPDIR"] = "\(bench.root)/none"
    bench.expectRefusal(path, .staging, says: "\(bench.root)/none")
  }

  @Test("only the images that were used last are kept")
  func oldImages() throws {
    let bench = try Bench()
    let folder = "\(bench.root)/cache/images"
    try createFolderDurably(folder)
    for index in 0..<70 {
      let path = "\(folder)/old\(index).so"
      try write([UInt8(index)], to: path)
      var times = [timespec(tv_sec: index, tv_nsec: 0), timespec(tv_sec: index, tv_nsec: 0)]
      utimensat(AT_FDCWD, path, &times, 0)
    }
    let image = try bench.load(try bench.add())
    #expect(bench.images.count == 64)
    #expect(access(image.path, F_OK) == 0)
    #expect(!bench.images.contains("old0.so") && bench.images.contains("old69.so"))
  }

  @Test("a plug-in that prints while it loads is understood all the same")
  func chatty() throws {
    let bench = try Bench()
    _ = try bench.load(try bench.add("libplugin.so", ["BEFORE=puts(\"{}\");fflush(stdout)"]))
  }

  @Test("a module of a later minor, longer than ours, is read")
  func longer() throws {
    let bench = try Bench()
    _ = try bench.load(
      try bench.add("libplugin.so", ["SIZE=CADRE_END_cadre_module_extension+64"]))
  }

  @Test("a module that ends with its last mandatory field is read")
  func shorter() throws {
    let bench = try Bench()
    _ = try bench.load(try bench.add("libplugin.so", ["SIZE=CADRE_END_cadre_module_open"]))
  }
}
