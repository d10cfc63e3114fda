import Glibc

/// Finds the libraries that a library needs, in the places and the order of the system's loader.
///
/// The order of glibc's `ld.so`: what the process has loaded already under that name; `DT_RPATH` of
/// the library and of those that led to it, where it has no `DT_RUNPATH`; `LD_LIBRARY_PATH`; its own
/// `DT_RUNPATH`; the cache of `ldconfig`; the default folders. Libraries of another machine are
/// passed over. Not imitated: `DT_RPATH` of the running program, hardware sub-folders, and paths with
/// `$LIB` or `$PLATFORM`, which are skipped; so a rare library may be called missing that `ld.so`
/// would find, and none is called found that it would miss.
public struct LibrarySearch: Sendable {
  /// Where a needed library was found.
  public enum Place: Hashable, Sendable {
    /// The process has it.
    case loaded
    /// In this file.
    case file(String)
  }

  /// A library that nobody has.
  public struct Missing: Hashable, Sendable {
    /// The name.
    public let name: String
    /// The file that needs it: the library itself or one that it needs.
    public let neededBy: String
  }

  /// The answer to a search.
  public struct Result: Hashable, Sendable {
    /// Every library by name, direct and indirect.
    ///
    /// Those behind a loaded one are not looked at: the process has them all.
    public var found: [String: Place] = [:]
    /// Those that are nowhere, in the order of the search.
    public var missing: [Missing] = []
  }

  /// Folders of `LD_LIBRARY_PATH`.
  public var pathFolders: [String]
  /// The cache of `ldconfig`.
  public var cache: LoaderCache
  /// Folders that are searched last.
  public var defaultFolders: [String]
  /// Whether the process has a library of that name.
  public var isLoaded: @Sendable (String) -> Bool

  /// A search in given places.
  public init(
    pathFolders: [String], cache: LoaderCache, defaultFolders: [String],
    isLoaded: @escaping @Sendable (String) -> Bool
  ) {
    self.pathFolders = pathFolders
    self.cache = cache
    self.defaultFolders = defaultFolders
    self.isLoaded = isLoaded
  }

  /// The search of this process.
  ///
  /// - Parameter environment: For `LD_LIBRARY_PATH`; glibc takes the value that the process started
  ///   with, so a later change does not count.
  public static func ofThisProcess(
    environment: [String: String] = ThisProcess.environment
  ) -> LibrarySearch {
    let folders = (environment["LD_LIBRARY_PATH"] ?? "")
      .split(whereSeparator: { $0 == ":" || $0 == ";" }).map(String.init)
    return LibrarySearch(
      pathFolders: folders, cache: .system,
      defaultFolders: ["/lib64", "/usr/lib64", "/lib", "/usr/lib"],
      isLoaded: { name in
        // Takes the loader's own comparison of names; loads nothing and runs nothing.
        guard let handle = dlopen(name, RTLD_LAZY | RTLD_NOLOAD) else { return false }
        dlclose(handle)
        return true
      })
  }

  /// Looks for all that a library needs, directly and through others.
  ///
  /// - Parameters:
  ///   - library: The library.
  ///   - origin: The folder that `$ORIGIN` stands for: where it will be loaded from.
  /// - Complexity: O(bytes of the libraries that are found and not loaded yet): their files are read.
  public func resolve(_ library: ElfLibrary, origin: String) -> Result {
    var result = Result()
    var waiting = [Wanting(library: library, origin: origin, inherited: [])]
    var missingNames: Set<String> = []
    while let wanting = waiting.popLast() {
      let folders = wanting.searchFolders
      for name in wanting.library.needed
      where result.found[name] == nil && !missingNames.contains(name) {
        if isLoaded(name) {
          result.found[name] = .loaded
        } else if let (path, next) = find(name, for: wanting, folders) {
          result.found[name] = .file(path)
          waiting.append(
            Wanting(library: next, origin: folder(of: path), inherited: folders.inherited))
        } else {
          missingNames.insert(name)
          result.missing.append(Missing(name: name, neededBy: wanting.library.path))
        }
      }
    }
    return result
  }

  /// A library whose needs are open.
  private struct Wanting {
    let library: ElfLibrary
    let origin: String
    let inherited: [String]

    /// `DT_RUNPATH` switches `DT_RPATH` off, its own and what came down to it.
    var searchFolders: (own: [String], run: [String], inherited: [String]) {
      guard library.runPath.isEmpty else { return ([], expand(library.runPath), []) }
      let own = expand(library.rPath) + inherited
      return (own, [], own)
    }

    private func expand(_ folders: [String]) -> [String] {
      folders.compactMap { folder in
        let text = expandOrigin(in: folder, origin)
        return text.utf8.contains(UInt8(ascii: "$")) ? nil : text
      }
    }
  }

  private func find(
    _ name: String, for wanting: Wanting,
    _ folders: (own: [String], run: [String], inherited: [String])
  ) -> (String, ElfLibrary)? {
    if name.utf8.contains(UInt8(ascii: "/")) { return open(expandOrigin(in: name, wanting.origin)) }
    for folder in folders.own + pathFolders + folders.run {
      if let hit = open("\(folder)/\(name)") { return hit }
    }
    for path in cache.paths[name] ?? [] {
      if let hit = open(path) { return hit }
    }
    for folder in defaultFolders {
      if let hit = open("\(folder)/\(name)") { return hit }
    }
    return nil
  }

  private func open(_ path: String) -> (String, ElfLibrary)? {
    // Libraries are reached through links as a rule: libfoo.so.1 → libfoo.so.1.2.
    guard let target = realpath(path, nil) else { return nil }
    defer { free(target) }
    guard let bytes = try? readRegularFile(String(cString: target), limit: 1 << 30),
      let library = try? ElfLibrary(bytes: bytes, path: path)
    else { return nil }
    return (path, library)
  }
}

/// The folder part of a path: `.` if it has none.
private func folder(of path: String) -> String {
  guard let slash = path.utf8.lastIndex(of: UInt8(ascii: "/")) else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Replaces `$ORIGIN` and `${ORIGIN}`.
private func expandOrigin(in text: String, _ origin: String) -> String {
  var rest = text[...]
  var result = ""
  while let dollar = rest.firstIndex(of: "$") {
    result += rest[..<dollar]
    rest = rest[dollar...]
    if let token = ["${ORIGIN}", "$ORIGIN"].first(where: { rest.hasPrefix($0) }) {
      result += origin
      rest = rest.dropFirst(token.count)
    } else {
      result += "$"
      rest = rest.dropFirst()
    }
  }
  return result + rest
}
