import CadreABI

/// An opened agent: the Swift object, its offers laid out for C, and the table that the host calls.
final class AgentObject {
  let agent: any Agent
  let host: Host
  private let offers: [Offer]
  private let arena = Arena()
  private let offerTables: [UnsafePointer<cadre_offer>]
  private let table: UnsafeMutablePointer<cadre_agent>

  private init(_ agent: any Agent, _ host: Host) throws(AgentFailure) {
    self.agent = agent
    self.host = host
    offers = agent.offers
    guard !offers.isEmpty else {
      throw AgentFailure(.failedPrecondition, "the agent offers no task; it would never be asked")
    }
    let layout = OfferLayout(arena: arena)
    offerTables = offers.map(layout.offer)
    table = arena.one(Self.functions)
    table.pointee.data = Unmanaged.passUnretained(self).toOpaque()
  }

  /// Opens an agent and hands its table to the host, which calls `close` once.
  static func give(
    _ type: any Agent.Type, _ host: UnsafePointer<cadre_host>, config: cadre_str
  ) throws -> UnsafeMutablePointer<cadre_agent> {
    let host = Host(HostTable(pointer: host))
    let text = config.bytes
    let config = text.isEmpty ? JSONValue.object([]) : try JSONValue(parsing: text)
    let object = try AgentObject(type.init(host: host, config: config), host)
    _ = Unmanaged.passRetained(object)
    return object.table
  }

  static func behind(_ table: UnsafeMutablePointer<cadre_agent>?) throws(AgentFailure)
    -> AgentObject
  {
    guard let data = table?.pointee.data else {
      throw AgentFailure(.internal, "the host names no agent")
    }
    return Unmanaged<AgentObject>.fromOpaque(data).takeUnretainedValue()
  }

  private static var functions: cadre_agent {
    cadre_agent(
      size: UInt32(CADRE_END_cadre_agent_extension), reserved: 0, data: nil,
      offer_count: { UInt32((try? AgentObject.behind($0))?.offers.count ?? 0) },
      offer: { table, index in
        guard let object = try? AgentObject.behind(table),
          object.offerTables.indices.contains(Int(index))
        else { return nil }
        return object.offerTables[Int(index)]
      },
      bid: { table, call, out in
        ErrorObject.catching {
          guard let call, let out else {
            throw AgentFailure(.invalidArgument, "the call or the bid is NULL", where: "bid")
          }
          let object = try AgentObject.behind(table)
          let asked = try Call(reading: call, offers: object.offers)
          try object.agent.bid(asked).write(to: out, call: call)
        }
      },
      prepare: { table, award, out in
        ErrorObject.catching {
          guard let award, let out else {
            throw AgentFailure(.invalidArgument, "the award or out is NULL", where: "prepare")
          }
          out.pointee = try AgentObject.behind(table).prepare(award).give()
        }
      },
      run: { table, assignment, job, state in
        ErrorObject.catching {
          try AssignmentObject.behind(assignment).run(job, AgentObject.behind(table).host)
          state?.pointee = UInt32(CADRE_FINISHED)
        }
      },
      cancel: nil,
      release: { _, assignment in AssignmentObject.release(assignment) },
      quiesce: nil,
      close: { table in
        guard let data = table?.pointee.data else { return }
        Unmanaged<AgentObject>.fromOpaque(data).release()
      },
      extension: { table, id in
        guard let object = try? AgentObject.behind(table) else { return nil }
        return ExtensionTables.find(id.text, of: object.agent)
      })
  }

  private func prepare(_ pointer: UnsafePointer<cadre_award>) throws -> AssignmentObject {
    let borrows = BorrowScope("assignment")
    let table = try AwardTable(pointer, host.table, scope: borrows)
    defer { table.end() }
    do {
      let award = try Award(table, host: host, offers: offers)
      return AssignmentObject(try agent.prepare(award), scope: borrows)
    } catch {
      borrows.end()
      throw error
    }
  }
}
