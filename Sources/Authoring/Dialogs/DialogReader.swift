import Assistant
import Conversation
import Diagnostics
import Dialogue
import Knowledge
import Understanding

/// Reads `Dialogs/` into definitions and notes where each name is declared and used, so that the checks can tell both.
final class DialogReader {
    /// A name with the place where it stands.
    struct Mention {
        var name: String
        var label: Diagnostic.Label
    }

    let collector: DiagnosticCollector
    private let files: DialogFiles
    private var known: KnowledgeBase?

    /// What the dialogs speak of; there from `readFlows` on.
    var knowledge: KnowledgeBase {
        guard let known else { preconditionFailure("flows and checks come after the knowledge base") }
        return known
    }

    var assistantName = ""
    var menu: [Mention] = []
    var words: [DialogueWords.Kind: [String]] = [:]
    var details: [Detail] = []
    var people: [PersonWords] = []
    var alarms: [AlarmSign] = []
    var returnLimit = 2
    var personHours = 12
    var pauseHours = 8
    var slots: [SlotDefinition] = []
    var flows: [Flow] = []
    /// What slots refuse, as it is written, and read.
    var pendingRefusals: [(slot: String, node: YAMLNode, document: DialogFiles.Document)] = []
    var pendingExclusions: [(slot: String, value: String, node: YAMLNode, document: DialogFiles.Document)] =
        []
    var exclusions: [String: [SlotDefinition.Exclusion]] = [:]
    var refusals: [String: [SlotDefinition.Refusal]] = [:]
    /// Where a step of a flow is written, by `FLOW/STEP`; the flow itself by its name.
    var stepLabels: [String: Diagnostic.Label] = [:]
    /// Where questions are kept in their place, by `flow/step`.
    var pinLabels: [String: Diagnostic.Label] = [:]
    var responses: [Response] = []
    /// What intents need to be heard, by their name.
    var bars: [String: IntentBar] = [:]
    var examples: [TrainingSet.Example] = []
    var titles: [String: String] = [:]
    var lexicon: [LexiconEntry] = []

    var declared: [String: [String: Diagnostic.Label]] = [:]
    /// The examples of all intents, and where each stands first.
    private var exampleTexts = TextTable()
    private var firstExamples: [Origin] = []
    /// `TYPE|PHRASE` of all that the dictionaries hold.
    private var phrases = TextTable()

    /// Where something stands, for a label that hardly ever is drawn.
    private struct Origin {
        var document: DialogFiles.Document
        var span: SourceSpan

        func label(_ text: String) -> Diagnostic.Label { document.label(span, text) }
    }

    var intents: [Mention] = []
    var usedSlots: [Mention] = []
    var usedResponses: [Mention] = []
    var usedFlows: [Mention] = []
    var usedIntents: [Mention] = []
    var usedFacts: [Mention] = []
    /// Sums that are worked out or asked about.
    var usedSums: [Mention] = []
    /// Kinds of facts that a detail is of.
    var usedAttributes: [Mention] = []
    /// Gaps, each with whether a pattern's arguments may fill it.
    var usedGaps: [(mention: Mention, isPattern: Bool)] = []
    var comparedValues: [(slot: String, value: Mention)] = []
    var lookUps: [(block: FactBlock, label: Diagnostic.Label)] = []
    /// Wordings as they are written, with the place of their first letter.
    var wordings: [Mention] = []

    init(_ files: DialogFiles, collector: DiagnosticCollector) {
        self.files = files
        self.collector = collector
    }

    /// Reads what is about words, for which no knowledge base is needed.
    func readWords() {
        if let document = files.slots { readSlots(document) }
        if let document = files.assistant { readAssistant(document) }
        for document in files.entities { readEntity(document) }
        for document in files.intents { readIntent(document) }
    }

    /// Reads what has conditions, which name places.
    func readFlows(of knowledge: KnowledgeBase) {
        known = knowledge
        for document in files.responses { readResponses(document) }
        for document in files.patterns { readPattern(document) }
        for document in files.flows { readFlow(document) }
        readRefusals()
        readExclusions()
    }

    /// Notes a declaration; false, and a diagnostic with both places, when the name is taken.
    func declare(_ kind: String, _ name: String, at label: Diagnostic.Label) -> Bool {
        if let first = declared[kind]?[name] {
            var first = first
            first.text = "first declared here"
            collector.error(.duplicateName, "the \(kind) `\(name)` is declared twice", at: label, and: first)
            return false
        }
        declared[kind, default: [:]][name] = label
        return true
    }

    func names(_ kind: String) -> [String] { declared[kind].map { $0.keys.sorted() } ?? [] }

    func checkFileName(_ name: String, _ document: DialogFiles.Document, _ node: YAMLNode) {
        guard name != document.name else { return }
        collector.error(
            .fileName, "the file `\(document.name).yaml` holds `\(name)`",
            at: document.label(node.span, "expected `\(document.name)`"))
    }

    // MARK: Small parts

    private func readAssistant(_ document: DialogFiles.Document) {
        guard
            var reader = MappingReader(document.root, of: "the assistant", in: document.file, into: collector)
        else { return }
        assistantName = reader.requiredText("name") ?? ""
        _ = reader.optionalText("locale")
        for kind in DialogueWords.Kind.allCases { words[kind] = reader.texts("\(kind)_words") }
        returnLimit = readCount(reader.optional("return_limit"), document) ?? returnLimit
        personHours = readCount(reader.optional("person_hours"), document) ?? personHours
        pauseHours = readCount(reader.optional("pause_hours"), document) ?? pauseHours
        people = reader.list("people").compactMap { readPerson($0, document) }
        alarms = reader.list("alarms").compactMap { readAlarm($0, document) }
        details = reader.list("details").compactMap { readDetail($0, document) }
        for node in reader.requiredList("menu") {
            guard let name = node.text else { continue }
            menu.append(Mention(name: name, label: document.label(node.span)))
        }
        usedFlows += menu
        reader.finish()
    }

    /// A whole number from 0; nil, with a diagnostic when something else stands there.
    private func readCount(_ node: YAMLNode?, _ document: DialogFiles.Document) -> Int? {
        guard let node else { return nil }
        if let number = node.text.flatMap({ Int($0) }), number >= 0 { return number }
        collector.error(
            .wrongShape, "this is no count", at: document.label(node.span, "expected a whole number from 0"))
        return nil
    }

    private func readPerson(_ node: YAMLNode, _ document: DialogFiles.Document) -> PersonWords? {
        guard var reader = MappingReader(node, of: "a person", in: document.file, into: collector) else {
            return nil
        }
        let words = reader.texts("words"), pronoun = reader.optionalText("pronoun")
        reader.finish()
        return PersonWords(words: words, pronoun: pronoun)
    }

    private func readAlarm(_ node: YAMLNode, _ document: DialogFiles.Document) -> AlarmSign? {
        guard var reader = MappingReader(node, of: "an alarm", in: document.file, into: collector) else {
            return nil
        }
        let words = reader.texts("words"), beside = reader.texts("beside")
        let threshold = readCount(reader.optional("from"), document)
        let calm = readCalm(of: &reader, document)
        let isActOfDespair = reader.flag("despair")
        reader.finish()
        return AlarmSign(
            words: words, beside: beside, threshold: threshold, calm: calm, isActOfDespair: isActOfDespair)
    }

    /// The words beside which one sign is no alarm, where it has some of its own or does without some of all; else nil.
    private func readCalm(of reader: inout MappingReader, _ document: DialogFiles.Document) -> [String]? {
        let common = words[.calm] ?? []
        let further = reader.texts("unless")
        var ignored: Set<String> = []
        for node in reader.list("despite") {
            guard let word = node.text else { continue }
            if common.contains(word) {
                ignored.insert(word)
            } else {
                collector.error(
                    .wrongShape, "`\(word)` calms no alarm",
                    at: document.label(node.span, "expected one of `calm_words`"))
            }
        }
        return further.isEmpty && ignored.isEmpty ? nil : common.filter { !ignored.contains($0) } + further
    }

    private func readDetail(_ node: YAMLNode, _ document: DialogFiles.Document) -> Detail? {
        guard var reader = MappingReader(node, of: "a detail", in: document.file, into: collector) else {
            return nil
        }
        let attributes = reader.required("attributes").map { mentions($0, document) } ?? []
        let words = reader.texts("words"), beside = reader.texts("beside"), lines = reader.texts("lines")
        let isOnlyBehind = reader.flag("only_behind"), namesPeople = reader.flag("people")
        let behind = reader.optional("behind").map { mentions($0, document) } ?? []
        reader.finish()
        usedAttributes += attributes
        usedFlows += behind
        return Detail(
            attributes: attributes.map(\.name), words: words, beside: beside, lines: lines,
            isOnlyBehind: isOnlyBehind, namesPeople: namesPeople, behind: behind.map(\.name))
    }

    private func readIntent(_ document: DialogFiles.Document) {
        guard var reader = MappingReader(document.root, of: "an intent", in: document.file, into: collector)
        else { return }
        let node = reader.required("intent")
        let title = reader.optionalText("name")
        let list = reader.requiredList("examples")
        let bar = readBar(&reader)
        reader.finish()
        guard let node, let name = node.text else { return }
        if let title { titles[name] = title }
        bars[name] = bar
        checkFileName(name, document, node)
        guard declare("intent", name, at: document.label(node.span)) else { return }
        intents.append(Mention(name: name, label: document.label(node.span)))
        for item in list {
            guard let text = item.text else {
                collector.error(
                    .wrongShape, "an example is \(item.shape)",
                    at: document.label(item.span, "expected a text"))
                continue
            }
            let number = exampleTexts.insert(text)
            if number < firstExamples.count {
                let first = firstExamples[number].label("first here")
                let isOther = first.file.path != document.file.path
                collector.report(
                    Diagnostic(
                        isOther ? .error : .warning, .unusedExample, "the example `\(text)` stands twice",
                        at: document.label(item.span), and: first))
                continue
            }
            firstExamples.append(Origin(document: document, span: item.span))
            examples.append(TrainingSet.Example(text: text, intent: name))
        }
    }

    /// What an intent needs to be heard; nil where it is heard whenever it is likeliest.
    private func readBar(_ reader: inout MappingReader) -> IntentBar? {
        let words = reader.texts("words")
        let withoutWords = reader.optionalInteger("without_words")
        let withoutQuestion = reader.optionalInteger("without_question")
        if words.isEmpty, withoutWords == nil, withoutQuestion == nil { return nil }
        return IntentBar(
            words: words, withoutWords: Double(withoutWords ?? 0) / 100,
            withoutQuestion: Double(withoutQuestion ?? 0) / 100)
    }

    private func readEntity(_ document: DialogFiles.Document) {
        guard var reader = MappingReader(document.root, of: "an entity", in: document.file, into: collector)
        else { return }
        let node = reader.required("entity")
        let values = reader.requiredList("values")
        reader.finish()
        guard let node, let type = node.text else { return }
        checkFileName(type, document, node)
        guard declare("entity", type, at: document.label(node.span)) else { return }
        for value in values {
            guard var reader = MappingReader(value, of: "a value", in: document.file, into: collector) else {
                continue
            }
            let name = reader.requiredText("value")
            let phrases = reader.texts("phrases")
            let alone = reader.texts("alone")
            reader.finish()
            guard let name else { continue }
            addPhrases([name] + phrases, type: type, value: name)
            addPhrases(alone, type: type, value: name, standing: .weak)
        }
    }

    func addPhrases(
        _ phrases: [String], type: String, value: String, standing: LexiconEntry.Standing = .full
    ) {
        for phrase in phrases {
            let key = "\(type)|\(phrase)"
            let count = self.phrases.count
            guard !phrase.isEmpty, self.phrases.insert(key) == count else { continue }
            lexicon.append(LexiconEntry(type: type, phrase: phrase, value: value, standing: standing))
        }
    }
}
