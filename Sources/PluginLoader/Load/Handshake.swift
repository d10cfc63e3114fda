import CadreABI
import Glibc

/// The first calls into a library: it is opened, its entry is called, its module is read.
///
/// The probe and the host do exactly the same, so what passes the one fits the other.
struct Handshake {
  /// A step that failed, with the reason in words that need no file name.
  struct Failure: Error, Hashable {
    enum Step: String {
      /// The system's loader refused the library.
      case open
      /// The entry returned null.
      case entry
      /// The module makes no sense.
      case module
    }
    let step: Step
    let reason: String
  }

  /// What the module says of itself, copied.
  struct Facts: Hashable {
    let id: String
    let version: String
    let about: String
  }

  private let handle: UnsafeMutableRawPointer

  /// Opens a library for ever: `RTLD_NODELETE` keeps it mapped whatever happens later.
  ///
  /// Runs its constructors.
  ///
  /// - Parameter path: A path with a slash, used for no other library in this process.
  init(opening path: String) throws(Failure) {
    guard let handle = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE) else {
      let reason = dlerror().map { String(cString: $0) } ?? "no reason given"
      throw Failure(step: .open, reason: reason)
    }
    self.handle = handle
  }

  /// Calls the entry and reads what it returns.
  func callEntry() throws(Failure) -> (module: UnsafePointer<cadre_module>, facts: Facts) {
    guard let symbol = dlsym(handle, CADRE_ENTRY_NAME) else {
      throw Failure(step: .open, reason: "it exports no \(CADRE_ENTRY_NAME)")
    }
    let entry = unsafeBitCast(symbol, to: cadre_entry.self)
    let refusal = Refusal()
    let module = withExtendedLifetime(refusal) {
      var boot = cadre_boot(
        magic: UInt32(CADRE_BOOT_MAGIC), major: UInt16(AbiVersion.host.major),
        minor: UInt16(AbiVersion.host.minor),
        data: Unmanaged.passUnretained(refusal).toOpaque(),
        refuse: { boot, reason in
          guard let data = boot?.pointee.data else { return }
          Unmanaged<Refusal>.fromOpaque(data).takeUnretainedValue().text =
            Handshake.text(reason, limit: 4096, lossy: true)
        })
      return entry(&boot)
    }
    guard let module else {
      let reason = refusal.text.flatMap { $0.isEmpty ? nil : $0 }
      throw Failure(step: .entry, reason: reason ?? "it gave no reason")
    }
    return (module, try Self.read(module))
  }

  /// Reads a module through the size rule of `cadre/base.h`.
  private static func read(_ module: UnsafePointer<cadre_module>) throws(Failure) -> Facts {
    func bad(_ reason: String) -> Failure { Failure(step: .module, reason: reason) }
    guard UInt(bitPattern: module) % UInt(MemoryLayout<cadre_module>.alignment) == 0 else {
      throw bad("its address is not aligned")
    }
    let size = module.pointee.size
    let least = UInt32(CADRE_END_cadre_module_open)
    guard size >= least, size <= sizeLimit else {
      throw bad("its size is \(size); a module has at least \(least) bytes")
    }
    guard let id = text(module.pointee.id, limit: 200), PluginManifest.isId(id) else {
      throw bad("its id is not made of letters, digits, '.', '-' and '_'")
    }
    guard let version = text(module.pointee.version, limit: 100),
      PluginManifest.isVersion(version)
    else { throw bad("its version is no semantic version such as 1.0.0") }
    guard let about = text(module.pointee.about, limit: 4096) else {
      throw bad("its about is no text of at most 4096 bytes")
    }
    guard module.pointee.open != nil else { throw bad("it has no function open") }
    return Facts(id: id, version: version, about: about)
  }

  // Far more than the table will ever grow to; random memory shows itself by a larger number.
  private static let sizeLimit: UInt32 = 1 << 16

  /// Copies a text of at most `limit` bytes; nil where it is longer, no UTF-8 or has no address.
  ///
  /// - Parameter lossy: Cuts and repairs instead.
  private static func text(_ string: cadre_str, limit: Int, lossy: Bool = false) -> String? {
    guard string.size > 0 else { return "" }
    guard let data = string.data, lossy || string.size <= UInt64(limit) else { return nil }
    let count = Int(min(string.size, UInt64(limit)))
    let bytes = UnsafeRawBufferPointer(start: data, count: count)
    return lossy
      ? String(decoding: bytes, as: UTF8.self) : String(validating: bytes, as: UTF8.self)
  }

  /// Where `refuse` leaves the reason.
  private final class Refusal {
    var text: String?
  }
}

extension Handshake.Failure {
  /// The error for the plug-in at a path.
  func error(for library: String) -> PluginError {
    switch step {
    case .open:
      let mount =
        reason.contains("failed to map")
        ? "; if the cache folder lies on a disk mounted noexec, set XDG_CACHE_HOME to another" : ""
      return PluginError(
        .cannotOpen, file: library, "\(library) cannot be loaded: \(reason)",
        remedy: "install what is missing, or build the plug-in again for this system" + mount)
    case .entry:
      return PluginError(
        .refused, file: library, "\(library) refuses this host: \(reason)",
        remedy: "get a build of the plug-in for ABI \(AbiVersion.host), or ask its author")
    case .module:
      return PluginError(
        .badModule, file: library,
        "what the entry of \(library) returned is no module: \(reason)",
        remedy: "report it to the plug-in's author; it should fill in cadre_module as in "
          + "cadre/agent.h")
    }
  }
}
