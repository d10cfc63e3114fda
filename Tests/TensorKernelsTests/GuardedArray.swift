import Glibc

/// Elements that end right before a page that must not be touched: reading or writing past the end
/// is a crash.
///
/// The start is aligned to the element only, for odd counts to nothing wider.
final class GuardedArray<Element: BitwiseCopyable> {
  let count: Int
  let start: UnsafeMutablePointer<Element>
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int

  struct MappingFailed: Error {}

  init(_ elements: [Element]) throws {
    let page = Int(getpagesize())
    let bytes = elements.count * MemoryLayout<Element>.stride
    let usable = (bytes + page - 1) / page * page
    mappedBytes = usable + page
    let flags = MAP_PRIVATE | MAP_ANONYMOUS
    guard let mapping = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, flags, -1, 0),
      mapping != MAP_FAILED, mprotect(mapping + usable, page, PROT_NONE) == 0
    else { throw MappingFailed() }
    self.mapping = mapping
    count = elements.count
    start = (mapping + usable - bytes).bindMemory(to: Element.self, capacity: elements.count)
    for (index, element) in elements.enumerated() { start[index] = element }
  }

  deinit { munmap(mapping, mappedBytes) }

  var elements: [Element] { Array(UnsafeBufferPointer(start: start, count: count)) }
}
