/// What flows have to do with.
extension DialogueProgram {
    /// Slots that a flow, and flows that it leads to, have to do with.
    func mentions(in name: String) -> Set<String> { mentioned[name] ?? [] }

    /// Slots that may make a difference to what a flow asks and says, in the order of their names: those that it mentions, those
    /// whose values these may take over, and places, by which everything is looked up.
    func concerns(of flow: Flow) -> [String] { concerns[flow.name] ?? [] }

    /// By the name of the flow.
    static func concerns(in mentioned: [String: Set<String>], _ slots: [SlotDefinition]) -> [String: [String]]
    {
        let places = slots.filter { $0.kind == .place }.map(\.name)
        return mentioned.mapValues { names in
            let inherited = slots.filter { names.contains($0.name) }.flatMap(\.inherits)
            return names.union(inherited).union(places).sorted()
        }
    }

    /// By the name of the flow.
    static func mentioned(in flows: [Flow], _ outlook: Outlook) -> [String: Set<String>] {
        let all = Set(outlook.reaches.values.flatMap(\.slots)).union(
            flows.flatMap(\.slots))
        var own: [String: Set<String>] = [:]
        var links: [String: [String]] = [:]
        for flow in flows {
            var names = Set(flow.slots)
            for step in flow.steps {
                switch step.action {
                case .say(let response, let condition):
                    names.formUnion(condition?.mentioned(outlook) ?? [])
                    names.formUnion(
                        outlook.reaches[response]?.slots ?? all)
                case .collect(_, let condition): names.formUnion(condition?.mentioned(outlook) ?? [])
                case .branch(let condition, _): names.formUnion(condition.mentioned(outlook))
                case .link(let other): links[flow.name, default: []].append(other)
                case .set, .jump, .handOff, .end: break
                }
            }
            own[flow.name] = names
        }
        // Links are few: as often as one more flow is reached.
        var changed = !links.isEmpty
        while changed {
            changed = false
            for (name, others) in links {
                let wider = others.reduce(into: own[name] ?? []) { $0.formUnion(own[$1] ?? []) }
                if wider != own[name] {
                    own[name] = wider
                    changed = true
                }
            }
        }
        return own
    }
}

extension Condition {
    fileprivate func mentioned(_ outlook: Outlook) -> Set<String> {
        Set(slots).union(sums.isEmpty ? [] : outlook.sumSlots.names)
    }
}
