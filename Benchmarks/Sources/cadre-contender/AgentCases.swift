import AgentLoops
import CadreABI

/// What agents do: everything through the tables that a plug-in gets, in C.
func agentWork(_ words: CaseWords, threads: Int) throws -> Work {
  let host = LoneHost(threads: threads)
  switch words.kind {
  case "small_add":
    guard let loop = small_add_begin(host.pointer, UInt64(try words.number(0))) else { break }
    return Work { withExtendedLifetime(host) { small_add_call(UnsafeMutableRawPointer(loop)) } }
  case "mlp":
    let optimizer = try words.word(0) == "sgd" ? MLP_SGD : MLP_ADAM
    guard let step = mlp_step_begin(host.pointer, UInt32(threads), Int32(optimizer)) else {
      break
    }
    return Work { withExtendedLifetime(host) { mlp_step_call(UnsafeMutableRawPointer(step)) } }
  default: break
  }
  throw NoSuchCase(words: words.text)
}
