import LibFuzzer
import TensorCore

/// Runs a small program on tensors for each input that libFuzzer makes up.
///
/// Whatever it asks for either throws or gives what a plain loop gives; memory errors are
/// AddressSanitizer's to find.
@c(LLVMFuzzerTestOneInput)
public func fuzzOneInput(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  var source = ByteSource(UnsafeBufferPointer(start: start, count: start == nil ? 0 : count))
  var program = TensorProgram()
  // Refusals are what bad input deserves; the next instruction goes on with what is there.
  while !source.isAtEnd { try? program.step(&source) }
  return 0
}

/// SwiftPM wants an entry of the program's own; libFuzzer's is a function like any other.
@main struct FuzzTensors {
  static func main() {
    var count = CommandLine.argc
    var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    LLVMFuzzerRunDriver(&count, &arguments, fuzzOneInput)
  }
}
