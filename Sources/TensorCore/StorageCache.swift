import TensorKernels

/// The memory that tensors left behind and that is kept for the next ones.
///
/// Up to 64 MiB or, where that is more, as many bytes as were in use at once.
public enum StorageCache {
  /// False in a build with a sanitizer, which must see use after release.
  public static var isKeeping: Bool { tk_cache_keeps() != 0 }

  /// Bytes that are kept and not in use.
  public static var keptBytes: Int { Int(tk_cache_kept_bytes()) }

  /// Gives all of it back to the system; a host does so when its agents have gone.
  public static func trim() { tk_cache_trim() }
}
