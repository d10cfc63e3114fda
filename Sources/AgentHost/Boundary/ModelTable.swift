import CadreABI
import OpBridge

/// The table `cadre.model/1`, the same for every agent: each call names its host.
enum ModelTable {
  /// The table; lives for ever.
  nonisolated(unsafe) static let pointer: UnsafePointer<cadre_models> = {
    let table = UnsafeMutablePointer<cadre_models>.allocate(capacity: 1)
    table.initialize(
      to: cadre_models(
        size: UInt32(CADRE_END_cadre_models_discard), reserved: 0, info: info, tensor: tensor,
        find: find, begin: begin, add: add, finish: finish, discard: discard))
    return UnsafePointer(table)
  }()

  private typealias Host = UnsafePointer<cadre_host>
  private typealias Failure = UnsafeMutablePointer<cadre_error>

  private static func view(
    _ host: Host?, _ handle: OpaquePointer?, _ place: String
  ) throws -> ModelView {
    guard let view = try HostServices.of(host).models.find(handle) else {
      throw AgentError(
        .invalidArgument,
        "the model is NULL, or its job or assignment has ended, or it is another agent's",
        where: place)
    }
    return view
  }

  private static func missing(_ what: String, _ place: String) -> AgentError {
    AgentError(.invalidArgument, "\(what) is NULL", where: place)
  }

  private static func unknownBuilder(_ place: String) -> AgentError {
    AgentError(
      .invalidArgument, "the builder is NULL, finished, discarded, or another agent's",
      where: place)
  }

  private static let info:
    @convention(c) (Host?, OpaquePointer?, UnsafeMutablePointer<cadre_model_info>?) -> Failure? = {
      host, model, out in
      ErrorObject.catching {
        try OutStruct.fill(
          out, end: CADRE_END_cadre_model_info_tensor_count,
          with: try view(host, model, "cadre_models.info").info, place: "cadre_models.info")
      }
    }

  private static let tensor:
    @convention(c) (
      Host?, OpaquePointer?, UInt64, UnsafeMutablePointer<cadre_str>?,
      UnsafeMutablePointer<UnsafePointer<DLTensor>?>?
    ) -> Failure? = { host, model, index, name, out in
      ErrorObject.catching {
        let found = try view(host, model, "cadre_models.tensor").tensor(at: index)
        name?.pointee = found.name
        out?.pointee = found.tensor
      }
    }

  private static let find:
    @convention(c) (
      Host?, OpaquePointer?, cadre_str, UnsafeMutablePointer<UnsafePointer<DLTensor>?>?
    ) -> Failure? = { host, model, name, out in
      ErrorObject.catching {
        let place = "cadre_models.find"
        let view = try view(host, model, place)
        let found = try view.tensor(
          named: try BoundaryText.read(name, limit: 4096, place: "\(place).name"))
        guard let out else { throw missing("out_tensor", place) }
        out.pointee = found
      }
    }

  private static let begin:
    @convention(c) (
      Host?, UnsafePointer<cadre_model_spec>?, UnsafeMutablePointer<OpaquePointer?>?
    ) -> Failure? = { host, spec, out in
      ErrorObject.catching {
        let services = try HostServices.of(host)
        let builder = try ModelBuilder(spec)
        guard let out else { throw missing("out", "cadre_models.begin") }
        out.pointee = services.builders.insert(builder)
      }
    }

  private static let add:
    @convention(c) (Host?, OpaquePointer?, cadre_str, UnsafePointer<DLTensor>?) -> Failure? = {
      host, builder, name, tensor in
      ErrorObject.catching {
        let place = "cadre_models.add"
        let services = try HostServices.of(host)
        guard let builder = services.builders.find(builder) else { throw unknownBuilder(place) }
        guard let tensor else { throw missing("the tensor", place) }
        try builder.add(
          try BoundaryText.read(name, limit: 4096, place: "\(place).name"), tensor,
          account: services.memory)
      }
    }

  private static let finish:
    @convention(c) (Host?, OpaquePointer?, UnsafeMutablePointer<OpaquePointer?>?) -> Failure? = {
      host, builder, out in
      ErrorObject.catching {
        let place = "cadre_models.finish"
        let services = try HostServices.of(host)
        // Taken before anything else is checked: what is given ends in every case.
        guard let builder = services.builders.take(builder) else { throw unknownBuilder(place) }
        let view = try ModelView(try builder.finish(), isLent: false)
        guard let out else { throw missing("out", place) }
        out.pointee = services.models.insert(view)
      }
    }

  private static let discard: @convention(c) (Host?, OpaquePointer?) -> Void = { host, builder in
    _ = try? HostServices.of(host).builders.take(builder)
  }
}
