package import Diagnostics

/// Mistakes in `Dialogs/`.
extension DiagnosticCode {
    package static let dialogs: [DiagnosticCode] = [
        fileName, duplicateName, unknownSlot, unknownValue, unknownResponse, unknownFlow, unknownIntent,
        missingPattern, idlePattern,
        badCondition, badTemplate, unknownGap, literalFigure, unknownQuotedFact, emptyLookUp, unusedExample,
        unusedResponse, deadEnd, idleCondition, idleQuestion, idleOrder, unreachableStep, endlessLinks,
        noWayOut,
        valueWithoutFacts, overlappingBranches, incompleteBranches,
    ]

    package static let fileName = DiagnosticCode(
        "file-name", "a file is not named after what it holds",
        explanation: """
            A flow, an intent, an entity or a pattern stands in a file of its name, so that whoever looks for one finds it
            without a search.
            """,
        mistake: "# Dialogs/flows/filing.yaml\nflow: remote_filing",
        mended: "# Dialogs/flows/remote_filing.yaml\nflow: remote_filing")

    package static let duplicateName = DiagnosticCode(
        "duplicate-name", "two things have one name",
        explanation:
            "Slots, flows, responses, intents and patterns are found by name, so each name stands for one thing.",
        mistake: "responses:\n  filing.how: […]     # and again in another file",
        mended: "responses:\n  filing.how_online: […]")

    package static let unknownSlot = DiagnosticCode(
        "unknown-slot", "no slot has that name",
        explanation:
            "A flow, a condition or a response names a slot that `Dialogs/slots.yaml` does not declare.",
        mistake: "steps:\n  - collect: home_ctiy",
        mended: "steps:\n  - collect: home_city")

    package static let unknownValue = DiagnosticCode(
        "unknown-value", "a choice slot has no such value",
        explanation: """
            A condition or a step compares a choice slot with a value that it can never have, so the branch could never be
            taken. The values are listed with the slot in `Dialogs/slots.yaml`.
            """,
        mistake: "if: stay_type = 短期",
        mended: "if: stay_type = 临时")

    package static let unknownResponse = DiagnosticCode(
        "unknown-response", "no response has that name",
        explanation: "A flow says a response that no file in `Dialogs/responses/` holds.",
        mistake: "- say: remote_filing.hwo",
        mended: "- say: remote_filing.how")

    package static let unknownFlow = DiagnosticCode(
        "unknown-flow", "no flow has that name",
        explanation: "The menu, a `link` or a follow-up names a flow that no file in `Dialogs/flows/` holds.",
        mistake: "follow_ups: [remote_reimbursement]",
        mended: "follow_ups: [remote_reimburse]")

    package static let unknownIntent = DiagnosticCode(
        "unknown-intent", "no intent has that name",
        explanation:
            "A flow is started by an intent that has no examples in `Dialogs/intents/`, so nothing can start it.",
        mistake: "intents: [remote_file]",
        mended: "intents: [remote_filing]")

    package static let missingPattern = DiagnosticCode(
        "missing-pattern", "a pattern that the engine says is not written",
        explanation: """
            When people cancel, go back, ask why or are not understood, the engine says the pattern of that name. Its words
            are yours, but it has to be there: an assistant that falls silent is worse than a clumsy one.
            """,
        mistake: "Dialogs/patterns/            (without cancelled.yaml)",
        mended: "# Dialogs/patterns/cancelled.yaml\npattern: cancelled\nsay:\n  - text: \"好的，{flow}先不办了。\"")

    package static let idlePattern = DiagnosticCode(
        "idle-pattern", "a pattern that nothing comes to",
        explanation: """
            Some patterns are said only where a slot makes it possible: `needed` where one that is asked for has no `unknown`,
            `skipped` where one is left out, `parked` where one sets its task aside, `between` where one takes `ranges`. With
            the slots as they are nobody will ever read these words.
            """,
        mistake: "Dialogs/patterns/needed.yaml     (and every slot has `unknown`)",
        mended: "Dialogs/patterns/               (without needed.yaml)")

    package static let badCondition = DiagnosticCode(
        "bad-condition", "a condition cannot be read",
        explanation: """
            Conditions compare slots (`stay_type = 临时`, `insurance in [居民, 新农合]`, `age >= 70`, `referral is set`), ask the
            world (`same_province(home_city, dest_city)`, `within(city, 山东省)`) and join with `and`, `or`, `not` and
            parentheses.
            """,
        mistake: "if: stay_type == 临时",
        mended: "if: stay_type = 临时")

    package static let badTemplate = DiagnosticCode(
        "bad-template", "a wording cannot be read",
        explanation: """
            `{slot}` is a gap, `{fact:ID}` quotes a fact, and a part in square brackets is left out when one of its gaps is
            empty. Brackets close and do not nest.
            """,
        mistake: "text: \"[去{dest_city}看病\"",
        mended: "text: \"[去{dest_city}]看病\"")

    package static let unknownGap = DiagnosticCode(
        "unknown-gap", "a gap that nothing fills",
        explanation:
            "A gap names a slot, or in a pattern one of the arguments that the engine gives: `flow`, `slot`, `slots`, `value`.",
        mistake: "text: \"{home}的医保\"",
        mended: "text: \"{home_city}的医保\"")

    package static let literalFigure = DiagnosticCode(
        "literal-figure", "a figure, phone number, date or document stands in a wording",
        explanation: """
            Whatever a person may rely on comes from a fact with its source. A figure that is written out has none, and nobody
            notices when it is out of date. Put the fact into `Data/` and quote it with `{fact:ID}` or lay it out with `facts`.
            """,
        mistake: "text: 备案三个工作日生效",
        mended: "text: \"备案多久生效：{fact:o-yd-07}\"")

    package static let unknownQuotedFact = DiagnosticCode(
        "unknown-quoted-fact", "a quoted fact does not exist",
        explanation: "`{fact:ID}` and `ids` name facts of `Data/` by their identifier.",
        mistake: "text: \"热线{fact:d-dh-130}\"",
        mended: "text: \"热线{fact:d-dh-13}\"")

    package static let emptyLookUp = DiagnosticCode(
        "empty-look-up", "a look-up that can find nothing",
        explanation: """
            No fact of `Data/` has this topic with this attribute, so this part of the answer would never appear. Correct the
            name, leave it out, or add the facts.
            """,
        mistake: "facts: {topic: 异地, attribute: [资料], place: city}",
        mended: "facts: {topic: 异地, attribute: [材料], place: city}")

    package static let unusedExample = DiagnosticCode(
        "duplicate-example", "one example stands in two places",
        explanation: """
            The same words cannot mean two intents: the classifier would have to guess. Twice within one intent they only
            weigh double.
            """,
        mistake: "# remote_filing.yaml\n- 异地就医\n# remote_reimburse.yaml\n- 异地就医",
        mended: "# remote_filing.yaml\n- 异地就医怎么备案\n# remote_reimburse.yaml\n- 异地就医能报多少")

    package static let unusedResponse = DiagnosticCode(
        "unused-response", "a response that nothing says",
        explanation: "No flow says it. It may be misspelt where it is meant, or left over.",
        mistake: "responses:\n  filing.old_how: […]",
        mended: "steps:\n  - say: filing.old_how")

    package static let deadEnd = DiagnosticCode(
        "dead-end", "a way through a flow ends without a word",
        explanation: """
            Whoever answers as the conversation shows is asked, and then told nothing. Each way says something, leads to another
            flow or to a person.
            """,
        mistake: "- if: insurance = 职工\n  then:\n    - say: rates.answer",
        mended: "- if: insurance = 职工\n  then:\n    - say: rates.answer\n  else:\n    - say: rates.others")

    package static let idleCondition = DiagnosticCode(
        "idle-condition", "a condition decides nothing",
        explanation: """
            On every way that leads to it, it comes out the same: one of its branches is never taken, or the condition could be
            left out. Mostly an earlier branch has decided it already.
            """,
        mistake: "- if: stay = 临时\n  then:\n    - say: filing.short\n      if: stay = 长期",
        mended: "- if: stay = 临时\n  then:\n    - say: filing.short")

    package static let idleQuestion = DiagnosticCode(
        "idle-question", "a question that is never asked",
        explanation: """
            A question whose answer changes nothing is not put to anybody, and on this one nothing hangs: no condition behind it,
            no response and no flow that is linked to. Let something turn on it, or list the slot under `optional`: then it is
            taken from whoever mentions it.
            """,
        mistake: "- collect: city\n- collect: payee\n- say: rates.answer     # for everybody",
        mended: "optional: [payee]\nsteps:\n  - collect: city\n  - say: rates.answer")

    package static let idleOrder = DiagnosticCode(
        "idle-order", "a question is kept in its place for nothing",
        explanation: """
            Of `collect` steps side by side the one that settles most is asked first, and `order: fixed` keeps one where it is
            written. Places stay there by themselves, and so does a question with no other beside it that could change places
            with it; amounts and numbers are never put forward.
            """,
        mistake: "- collect: city\n  order: fixed",
        mended: "- collect: city")

    package static let unreachableStep = DiagnosticCode(
        "unreachable-step", "no way through a flow leads to a step",
        explanation: "It stands behind an end or a link, or in a branch that is never taken.",
        mistake: "- end\n- say: filing.how",
        mended: "- say: filing.how\n- end")

    package static let noWayOut = DiagnosticCode(
        "no-way-out", "a conversation cannot be left",
        explanation: """
            Flows lead round in a circle, and the second time everything that they ask is known already, so that they would go
            round for ever; or nothing that people may say means cancelling, help or a person, by which each state is left.
            """,
        mistake: "# filing.yaml\n- collect: city\n- link: rates\n# rates.yaml\n- link: filing",
        mended: "# rates.yaml\n- say: rates.answer")

    package static let valueWithoutFacts = DiagnosticCode(
        "value-without-facts", "a value for which nothing is known",
        explanation: """
            Whoever answers as the conversation shows is told neither a fact nor that there is none, wherever they are. Add
            the facts to the data, or say with `missing:` that there are none, or answer that case in words of its own.
            """,
        mistake: "facts: {topic: 门诊, attribute: [比例], insurance: insurance}",
        mended: "facts: {topic: 门诊, attribute: [比例], insurance: insurance}\nmissing: \"{insurance}的资料里没有写。\"")

    package static let overlappingBranches = DiagnosticCode(
        "overlapping-branches", "two branches of one choice are taken at once",
        explanation: """
            Branches side by side that turn on one choice read as alternatives, and for the answers of the conversation two of
            them hold. Take the value out of one of them, or put the second under `else:`.
            """,
        mistake: "- say: stay.short\n  if: stay in [临时, 急诊]\n- say: stay.urgent\n  if: stay = 急诊",
        mended: "- say: stay.short\n  if: stay = 临时\n- say: stay.urgent\n  if: stay = 急诊")

    package static let incompleteBranches = DiagnosticCode(
        "incomplete-branches", "no branch of a choice is taken",
        explanation: """
            Branches side by side that turn on one choice read as alternatives, and for the answers of the conversation none
            of them holds: that value falls through. Name it in one of them, or give the last an `else:`.
            """,
        mistake: "- say: stay.long\n  if: stay = 长期\n- say: stay.short\n  if: stay = 临时",
        mended: "- say: stay.long\n  if: stay = 长期\n- say: stay.short\n  if: stay != 长期")

    package static let endlessLinks = DiagnosticCode(
        "endless-links", "flows lead into one another without a question",
        explanation: """
            Each of them leaves for the next before it asks anything, so the conversation would go round for ever. One of them
            has to ask, or to end.
            """,
        mistake: "# filing.yaml\n- link: rates\n# rates.yaml\n- link: filing",
        mended: "# rates.yaml\n- say: rates.answer")
}
