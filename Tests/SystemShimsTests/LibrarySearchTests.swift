import Glibc
import Testing

@testable import SystemShims

func realPath(_ path: String) -> String? {
  guard let target = realpath(path, nil) else { return nil }
  defer { free(target) }
  return String(cString: target)
}

@Suite(.enabled(if: Compiler.path != nil, Compiler.isMissing))
struct LibrarySearchTests {
  /// libtop.so needs libmiddle.so needs libbottom.so; the latter two stand in `deep`.
  private func makeLibraries(_ flags: [String]) throws -> (Folder, ElfLibrary) {
    let folder = try Folder()
    let deep = "\(folder.path)/deep"
    mkdir(deep, 0o755)
    try Compiler.build("int bottom(void) { return 1; }", ["-nostdlib"], to: "\(deep)/libbottom.so")
    try Compiler.build(
      "int bottom(void); int middle(void) { return bottom(); }",
      ["-nostdlib", "-L\(deep)", "-lbottom"], to: "\(deep)/libmiddle.so")
    let top = "\(folder.path)/libtop.so"
    try Compiler.build(
      "int middle(void); int top(void) { return middle(); }",
      ["-nostdlib", "-L\(deep)", "-lmiddle"] + flags, to: top)
    return (folder, try ElfLibrary(bytes: readRegularFile(top, limit: 1 << 24), path: top))
  }

  private func search(_ folders: [String] = []) -> LibrarySearch {
    LibrarySearch(
      pathFolders: folders, cache: LoaderCache(paths: [:]), defaultFolders: [],
      isLoaded: { _ in false })
  }

  @Test("LD_LIBRARY_PATH serves direct and indirect needs")
  func libraryPath() throws {
    let (folder, top) = try makeLibraries([])
    let result = search(["\(folder.path)/deep"]).resolve(top, origin: folder.path)
    #expect(result.missing.isEmpty)
    #expect(result.found["libbottom.so"] == .file("\(folder.path)/deep/libbottom.so"))
  }

  @Test("a run path serves its own library's needs only")
  func runPath() throws {
    let (folder, top) = try makeLibraries(["-Wl,-rpath,$ORIGIN/deep", "-Wl,--enable-new-dtags"])
    let result = search().resolve(top, origin: folder.path)
    #expect(result.found["libmiddle.so"] == .file("\(folder.path)/deep/libmiddle.so"))
    #expect(
      result.missing
        == [.init(name: "libbottom.so", neededBy: "\(folder.path)/deep/libmiddle.so")])
  }

  @Test("an old rpath serves the needs of those below too")
  func rPath() throws {
    let (folder, top) = try makeLibraries(["-Wl,-rpath,${ORIGIN}/deep", "-Wl,--disable-new-dtags"])
    #expect(search().resolve(top, origin: folder.path).missing.isEmpty)
  }

  @Test("$ORIGIN is the folder that the library will be loaded from")
  func origin() throws {
    let (_, top) = try makeLibraries(["-Wl,-rpath,$ORIGIN/deep"])
    let result = search().resolve(top, origin: "/nowhere")
    #expect(result.missing.map(\.name) == ["libmiddle.so"])
  }

  @Test("what the process has loaded is enough, whatever lies behind it")
  func loaded() throws {
    let (_, top) = try makeLibraries([])
    var search = search()
    search.isLoaded = { $0 == "libmiddle.so" }
    let result = search.resolve(top, origin: "/nowhere")
    #expect(result.found == ["libmiddle.so": .loaded] && result.missing.isEmpty)
  }

  @Test("a library of another machine is passed over")
  func otherMachine() throws {
    let (folder, top) = try makeLibraries([])
    let wrong = "\(folder.path)/wrong"
    mkdir(wrong, 0o755)
    var bytes = try readRegularFile("\(folder.path)/deep/libmiddle.so", limit: 1 << 24)
    bytes[18] = 8
    try write(bytes, to: "\(wrong)/libmiddle.so")
    let result = search([wrong, "\(folder.path)/deep"]).resolve(top, origin: folder.path)
    #expect(result.found["libmiddle.so"] == .file("\(folder.path)/deep/libmiddle.so"))
  }

  @Test("this process has libc, and no library that does not exist")
  func thisProcess() {
    let search = LibrarySearch.ofThisProcess()
    #expect(search.isLoaded("libc.so.6"))
    #expect(!search.isLoaded("libcadre-no-such-library.so"))
  }

  @Test("the loader's cache names files that exist, and is refused when cut off")
  func loaderCache() throws {
    let path = "/etc/ld.so.cache"
    guard access(path, R_OK) == 0 else { return }
    let bytes = try readRegularFile(path, limit: 1 << 28)
    let cache = try LoaderCache(bytes: bytes, path: path)
    let libc = try #require(cache.paths["libc.so.6"]?.first)
    #expect(access(libc, R_OK) == 0)
    for count in stride(from: 0, to: bytes.count / 2, by: 61) {
      #expect(throws: SystemError.self) {
        try LoaderCache(bytes: Array(bytes[..<count]), path: path)
      }
    }
  }
}
