import CadreABI

/// The agent's extensions: each is there when the agent's type conforms to its protocol.
enum ExtensionTables {
  /// The table of an extension, or nil when the agent does not have it.
  static func find(_ id: String, of agent: any Agent) -> UnsafeRawPointer? {
    switch id {
    case CADRE_FEEDBACK_ID:
      agent is any FeedbackReceiver ? UnsafeRawPointer(feedback) : nil
    case CADRE_STATE_ID:
      agent is any StateKeeper ? UnsafeRawPointer(state) : nil
    default: nil
    }
  }

  // Constant and never freed: an image is never unmapped.
  private nonisolated(unsafe) static let feedback: UnsafePointer<cadre_feedback> = {
    let table = UnsafeMutablePointer<cadre_feedback>.allocate(capacity: 1)
    table.initialize(
      to: cadre_feedback(
        size: UInt32(CADRE_END_cadre_feedback_receive), reserved: 0,
        receive: { agent, assignment, message in
          ErrorObject.catching {
            guard let message,
              let receiver = try AgentObject.behind(agent).agent
                as? any FeedbackReceiver
            else { throw AgentFailure(.invalidArgument, "the message is NULL", where: "feedback") }
            try receiver.receive(
              Feedback(reading: message), about: AssignmentObject.behind(assignment).assignment)
          }
        }))
    return UnsafePointer(table)
  }()

  private nonisolated(unsafe) static let state: UnsafePointer<cadre_state> = {
    let table = UnsafeMutablePointer<cadre_state>.allocate(capacity: 1)
    table.initialize(
      to: cadre_state(
        size: UInt32(CADRE_END_cadre_state_load), reserved: 0,
        save: { agent, data, sink in
          ErrorObject.catching {
            let bytes = try keeper(agent).saveState()
            withStr(bytes) { sink?(data, $0) }
          }
        },
        can_load: { agent, bytes in
          ErrorObject.catching { try keeper(agent).checkState(bytes.bytes) }
        },
        load: { agent, bytes in
          ErrorObject.catching { try keeper(agent).loadState(bytes.bytes) }
        }))
    return UnsafePointer(table)
  }()

  private static func keeper(
    _ agent: UnsafeMutablePointer<cadre_agent>?
  ) throws -> any StateKeeper {
    guard let keeper = try AgentObject.behind(agent).agent as? any StateKeeper else {
      throw AgentFailure(.unimplemented, "this agent keeps no state")
    }
    return keeper
  }
}

extension Feedback {
  /// Reads a message field by field.
  init(reading message: UnsafePointer<cadre_feedback_message>) throws(AgentFailure) {
    let size = message.pointee.size
    func read<Value>(_ end: Int, _ value: @autoclosure () -> Value, or other: Value) -> Value {
      reaches(size, end) ? value() : other
    }
    task = read(CADRE_END_cadre_feedback_message_task, message.pointee.task.text, or: "")
    metric = read(CADRE_END_cadre_feedback_message_metric, message.pointee.metric.text, or: "")
    own = read(CADRE_END_cadre_feedback_message_own, message.pointee.own, or: .nan)
    team = read(CADRE_END_cadre_feedback_message_team, message.pointee.team, or: .nan)
    weight = read(CADRE_END_cadre_feedback_message_weight, message.pointee.weight, or: .nan)
    let text = read(
      CADRE_END_cadre_feedback_message_report, message.pointee.report.bytes, or: [])
    report = text.isEmpty ? .object([]) : try JSONValue(parsing: text)
  }
}
