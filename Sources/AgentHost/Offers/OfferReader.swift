import CadreABI
import Contracts

/// Reads the offers of an agent, and believes nothing: sizes, pointers, texts, kinds and counts.
///
/// A bad offer refuses the agent, with one error that names agent, offer and field.
struct OfferReader {
  /// The agent's id and version.
  let agent: String
  let version: String

  /// Counts beyond these are no offer but a wrong pointer.
  private enum Limit {
    static let ports: UInt64 = 64
    static let settings: UInt64 = 256
    static let attributes: UInt64 = 64
    static let name = 256
    static let about = 4096
    static let jobs: UInt32 = 1024
  }

  /// Reads one offer.
  ///
  /// - Parameters:
  ///   - pointer: borrowed during the call.
  ///   - index: its place in the agent's list.
  func read(_ pointer: UnsafePointer<cadre_offer>?, index: Int) throws -> OfferContract {
    do {
      return try readUnnamed(pointer, index: index)
    } catch let error as AgentError {
      var task = ""
      if let pointer, Int(pointer.pointee.size) >= CADRE_END_cadre_offer_task {
        task =
          (try? BoundaryText.read(pointer.pointee.task, limit: Limit.name, place: "task")) ?? ""
      }
      throw AgentError(
        error.code,
        "offer \(index)\(task.isEmpty ? "" : " (\(task))"), \(error.where): \(error.message)",
        where: "offers[\(index)].\(error.where)", agent: agent)
    }
  }

  private func readUnnamed(
    _ pointer: UnsafePointer<cadre_offer>?, index: Int
  ) throws -> OfferContract {
    guard let pointer else {
      throw AgentError(.invalidArgument, "the offer is NULL", where: "offer")
    }
    let size = Int(pointer.pointee.size)
    guard size >= CADRE_END_cadre_offer_output_count else {
      throw AgentError(
        .invalidArgument,
        "\(size) bytes do not hold the ports; set it to CADRE_END_cadre_offer_floor_memory",
        where: "size")
    }
    let task = try BoundaryText.read(pointer.pointee.task, limit: Limit.name, place: "task")
    guard Self.isTaskName(task) else {
      throw AgentError(
        .invalidArgument, "'\(task)' is no task name; write it like text.classify/1", where: "task")
    }
    let about = try BoundaryText.read(pointer.pointee.about, limit: Limit.about, place: "about")
    let inputs = try ports(pointer.pointee.inputs, pointer.pointee.input_count, "inputs")
    let outputs = try ports(pointer.pointee.outputs, pointer.pointee.output_count, "outputs")
    if let bound = outputs.first(where: \.port.bound) {
      throw AgentError(
        .invalidArgument, "an output cannot be bound", where: "outputs.\(bound.port.name).flags")
    }
    let offer = Offer(
      agent: agent, agentVersion: version, index: index, task: task, about: about,
      inputs: inputs.map(\.port), outputs: outputs.map(\.port),
      attributes: try attributes(pointer, size: size), settings: try settings(pointer, size: size),
      maxJobs: try maxJobs(pointer, size: size),
      flags: OfferFlags(rawValue: pointer.pointee.flags & 0xF),
      floorThreads: size >= CADRE_END_cadre_offer_floor_threads
        ? max(1, Int(pointer.pointee.floor_threads)) : 1,
      floorMemory: size >= CADRE_END_cadre_offer_floor_memory ? pointer.pointee.floor_memory : 0)
    return OfferContract(
      offer: offer, inputs: Self.byName(inputs), outputs: Self.byName(outputs))
  }

  private static func byName(_ ports: [PortContract]) -> [String: PortContract] {
    Dictionary(ports.map { ($0.port.name, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func ports(
    _ pointers: UnsafePointer<UnsafePointer<cadre_port>?>?, _ count: UInt64, _ field: String
  ) throws -> [PortContract] {
    let pointers = try BoundaryArray.check(pointers, count, limit: Limit.ports, place: field)
    var result: [PortContract] = []
    for (index, pointer) in pointers.enumerated() {
      let contract = try PortReader(place: "\(field)[\(index)]").read(pointer)
      guard !result.contains(where: { $0.port.name == contract.port.name }) else {
        throw AgentError(
          .invalidArgument, "the name '\(contract.port.name)' stands twice",
          where: "\(field)[\(index)].name")
      }
      result.append(contract)
    }
    return result
  }

  private func settings(
    _ pointer: UnsafePointer<cadre_offer>, size: Int
  ) throws -> [SettingSpec] {
    guard size >= CADRE_END_cadre_offer_setting_count else { return [] }
    let pointers = try BoundaryArray.check(
      pointer.pointee.settings, pointer.pointee.setting_count, limit: Limit.settings,
      place: "settings")
    var result: [SettingSpec] = []
    for (index, pointer) in pointers.enumerated() {
      let spec = try SettingSpecReader(place: "settings[\(index)]").read(pointer)
      guard !result.contains(where: { $0.name == spec.name }) else {
        throw AgentError(
          .invalidArgument, "the name '\(spec.name)' stands twice",
          where: "settings[\(index)].name")
      }
      result.append(spec)
    }
    return result
  }

  private func attributes(
    _ pointer: UnsafePointer<cadre_offer>, size: Int
  ) throws -> [String: String] {
    guard size >= CADRE_END_cadre_offer_attribute_count else { return [:] }
    let texts = try BoundaryArray.check(
      pointer.pointee.attributes, pointer.pointee.attribute_count, limit: Limit.attributes,
      stride: 2, place: "attributes")
    var result: [String: String] = [:]
    for index in stride(from: 0, to: texts.count, by: 2) {
      let place = "attributes[\(index / 2)]"
      let name = try BoundaryText.read(texts[index], limit: Limit.name, place: "\(place).name")
      let value = try BoundaryText.read(
        texts[index + 1], limit: Limit.name, place: "\(place).value")
      guard result.updateValue(value, forKey: name) == nil, !name.isEmpty else {
        throw AgentError(
          .invalidArgument, "the name '\(name)' is empty or stands twice", where: "\(place).name")
      }
    }
    return result
  }

  private func maxJobs(_ pointer: UnsafePointer<cadre_offer>, size: Int) throws -> Int {
    guard size >= CADRE_END_cadre_offer_max_jobs else { return 1 }
    let count = pointer.pointee.max_jobs
    guard count <= Limit.jobs else {
      throw AgentError(
        .invalidArgument, "\(count) jobs at once; at most \(Limit.jobs) are taken",
        where: "max_jobs")
    }
    return max(1, Int(count))
  }

  /// Whether it reads like `text.classify/1`: two or more words with dots, and a number from 1 on.
  static func isTaskName(_ task: String) -> Bool {
    let halves = task.split(separator: "/", omittingEmptySubsequences: false)
    guard halves.count == 2, let number = UInt32(halves[1]), number > 0,
      halves[1].first != "+", halves[1].first != "0"
    else { return false }
    let words = halves[0].split(separator: ".", omittingEmptySubsequences: false)
    return words.count >= 2
      && words.allSatisfy { word in
        guard let first = word.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first)
        else { return false }
        return word.utf8.allSatisfy { byte in
          (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
            || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
      }
  }
}
