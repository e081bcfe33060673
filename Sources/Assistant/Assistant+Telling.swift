package import Conversation
package import Dialogue
import Knowledge

/// What a response says by itself, for the checks that are made when the dialogs are loaded.
extension Assistant {
    /// Whether a response tells somebody with these slots a fact, or that there is none, or answers in its own words. Whom
    /// to call is no answer, unless that is what the flow is about. `places`: each is tried for all places that the slots
    /// may have, until one is told something.
    package func tells(
        _ name: String, of flow: Flow, _ slots: Slots, in places: [String], on date: CivilDate
    ) -> Bool {
        guard let response = response(name) else { return true }
        let own = Set(response.quotedFacts)
        let tellsContacts = tellsContacts(flow)
        let placed = flow.slots.filter { program.slot($0)?.kind == .place }
        return (placed.isEmpty ? ["000000"] : places).contains { place in
            var slots = slots
            for name in placed {
                slots[name] = SlotValue(
                    value: place, text: knowledge.name(of: place), raw: "", origin: .said, turn: 0)
            }
            let world = World(knowledge: knowledge, date: date, memory: WorldMemory(), assistant: self)
            let said = response.blocks.filter { $0.condition?.holds(in: slots, world: world) ?? true }
            if isPlain(said) { return true }
            let (facts, gaps) = citedAlone(name, slots: slots, on: date)
            return !gaps.isEmpty
                || facts.contains { id in
                    guard let fact = knowledge.fact(id) else { return false }
                    return tellsContacts || !own.contains(id) && fact.table != "contacts"
                }
        }
    }
}

extension Assistant {
    func factBlocks(_ name: String) -> [FactBlock] {
        (response(name)?.blocks ?? []).compactMap {
            if case .facts(let block) = $0.content { block } else { nil }
        }
    }

    private func says(of flow: Flow) -> [String] {
        flow.steps.compactMap { if case .say(let name, _) = $0.action { name } else { nil } }
    }

    /// Facts that wordings quote by name.
    package var quotedFacts: [String] {
        program.flows.flatMap(says).compactMap(response).flatMap(\.quotedFacts)
    }

    /// Whether whom to call and where to go is what a task is for: the first that it looks up.
    package func tellsContacts(_ flow: Flow) -> Bool {
        let first = says(of: flow).flatMap(factBlocks).first?.attributes ?? []
        return !first.isEmpty && first.allSatisfy { ["电话", "地址", "服务时间", "渠道"].contains($0) }
    }

    /// Whether one of these responses tells what has ended, under a heading that says so.
    package func tellsPast(_ said: [String]) -> Bool {
        said.flatMap(factBlocks).contains(where: \.includesPast)
    }

    /// Whether one of these responses answers in its own words, with nothing to look up (看本地的，不用备案).
    package func isAnswerOfItsOwn(_ said: [String]) -> Bool {
        said.filter { !$0.hasPrefix("pattern.") && !$0.hasPrefix("ask.") }.contains { name in
            isPlain(response(name)?.blocks ?? [])
        }
    }

    /// Whether blocks are words alone, and some.
    private func isPlain(_ blocks: [Response.Block]) -> Bool {
        !blocks.isEmpty && blocks.allSatisfy { if case .text = $0.content { true } else { false } }
            && quotesNothing(blocks)
    }

    private func quotesNothing(_ blocks: [Response.Block]) -> Bool {
        blocks.allSatisfy { block in
            if case .text(let templates) = block.content {
                templates.allSatisfy(\.facts.isEmpty)
            } else {
                false
            }
        }
    }
}

extension Response {
    /// Facts that its wordings quote by name.
    var quotedFacts: [String] {
        blocks.flatMap { block -> [String] in
            if case .text(let templates) = block.content { templates.flatMap(\.facts) } else { [] }
        }
    }
}
