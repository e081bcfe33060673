package import Assistant
package import Conversation
package import Diagnostics
import Dialogue
import Foundation
import Knowledge
import Language
package import Understanding

/// An assistant as it lies on disk: `Dialogs/` and `Data/`, and a folder for what can be made again from them.
package struct Project: Sendable {
    package var dialogs: String
    package var data: String
    /// Holds parsed files and the trained model by content; nil to make everything anew.
    package var cache: String?

    package init(dialogs: String, data: String, cache: String?) {
        self.dialogs = dialogs
        self.data = data
        self.cache = cache
    }

    /// What loading came to. `assistant` is nil when there is an error among the diagnostics.
    package struct Loaded: Sendable {
        package var assistant: Assistant?
        package var diagnostics: [Diagnostic]
        /// How long training the model took; nil when the cache had it.
        package var trainTime: Duration?
        /// What the model was trained on; nil when there is an error.
        package var training: TrainingSet?
    }

    /// Reads, checks and compiles everything. All mistakes are reported, not only the first. `checkedOn`: walks all ways
    /// through the flows, too, with what is known on that day.
    package func load(checkedOn day: CivilDate? = nil) -> Loaded {
        // The tables on one core, the dialogs on another: neither needs the other until both are there.
        let (tables, dialogs) = ThreadRunner.both(readTables, readDialogs)
        let (reader, collector) = (dialogs.reader, dialogs.reader.collector)
        collector.report(tables.diagnostics)
        guard let knowledge = tables.knowledge else {
            return Loaded(assistant: nil, diagnostics: collector.diagnostics.sortedByPosition())
        }
        reader.readFlows(of: knowledge)
        let training = TrainingSet(examples: reader.examples, titles: reader.titles)
        let check = {
            reader.checkReferences()
            reader.checkLiterals()
        }
        let makeLexicon = { Lexicon(tables.places + reader.lexicon) }
        let (_, lexicon) = ThreadRunner.both(check, makeLexicon)
        let diagnostics = collector.diagnostics.sortedByPosition()
        guard !collector.hasErrors else {
            return Loaded(assistant: nil, diagnostics: diagnostics)
        }
        let (model, trainTime) = understanding(training, lexicon, dialogs)
        let program = DialogueProgram(
            slots: reader.slots, flows: reader.flows, menu: reader.menu.map(\.name),
            words: DialogueWords(reader.words, people: reader.people, alarms: reader.alarms),
            outlook: Outlook(reader.responses),
            returnLimit: reader.returnLimit, personHours: reader.personHours,
            pauseHours: reader.pauseHours, refusals: reader.refusals,
            exclusions: reader.exclusions, bars: reader.bars)
        let assistant = Assistant(
            name: reader.assistantName, version: version(dialogs, model, knowledge),
            understanding: model, knowledge: knowledge, dialogue: program,
            responses: reader.responses, details: reader.details)
        guard let day else {
            return Loaded(
                assistant: assistant, diagnostics: diagnostics, trainTime: trainTime, training: training)
        }
        reader.checkModel(assistant, on: day)
        return Loaded(
            assistant: collector.hasErrors ? nil : assistant,
            diagnostics: collector.diagnostics.sortedByPosition(), trainTime: trainTime,
            training: collector.hasErrors ? nil : training)
    }

    /// A digest of everything that can change what is said.
    private func version(
        _ dialogs: Dialogs, _ model: UnderstandingModel, _ knowledge: KnowledgeBase
    ) -> String {
        var fingerprint = Fingerprint()
        fingerprint.mix(dialogs.digest)
        fingerprint.mix(model.fingerprint)
        fingerprint.mix(knowledge.fingerprint)
        return String(fingerprint.value, radix: 16)
    }

    // MARK: Files

    /// The tables, and what places are called.
    private struct Tables {
        var knowledge: KnowledgeBase?
        var places: [LexiconEntry]
        var diagnostics: [Diagnostic]
    }

    private func readTables() -> Tables {
        let collector = DiagnosticCollector()
        let knowledge = TableLoader.load(folder: data, into: collector)
        let places = knowledge.map { PlaceLexicon.entries(for: $0.placesWithAliases) } ?? []
        return Tables(knowledge: knowledge, places: places, diagnostics: collector.diagnostics)
    }

    /// The dialogs, as far as they can be read without the tables.
    private struct Dialogs {
        var reader: DialogReader
        var digest: UInt64
        /// The model that these files had last; that it is still theirs the fingerprint has to show.
        var model: StoredModel?
        /// Names the note that leads to that model.
        var modelNote: String { "model-of-\(String(digest, radix: 16))" }
    }

    private func readDialogs() -> Dialogs {
        let collector = DiagnosticCollector()
        let documents = documents(into: collector)
        var fingerprint = Fingerprint()
        for document in documents {
            fingerprint.mix(document.file.path)
            fingerprint.mix(Checksum.of(document.file.bytes[...]))
        }
        var dialogs = Dialogs(
            reader: DialogReader(DialogFiles(documents), collector: collector), digest: fingerprint.value)
        dialogs.reader.readWords()
        let name = cached(dialogs.modelNote).map { String(decoding: $0, as: UTF8.self) }
        dialogs.model = name.flatMap(cached).flatMap { try? StoredModel(decoding: $0) }
        return dialogs
    }

    private func documents(into collector: DiagnosticCollector) -> [DialogFiles.Document] {
        FileTree.files(under: dialogs, ending: ".yaml", into: collector).compactMap { file in
            if let node = cachedNode(file) { return DialogFiles.Document(file: file, root: node) }
            guard let node = YAMLReader.read(file, into: collector) else { return nil }
            store(node.encoded(), as: nodeName(file))
            return DialogFiles.Document(file: file, root: node)
        }
    }

    private func nodeName(_ file: SourceFile) -> String {
        "yaml-\(String(Checksum.of(file.bytes[...]), radix: 16)).node"
    }

    private func cachedNode(_ file: SourceFile) -> YAMLNode? {
        cached(nodeName(file)).flatMap { YAMLNode(decoding: $0[...]) }
    }

    private func cached(_ name: String) -> [UInt8]? { cache.flatMap { FileStore.bytes(at: "\($0)/\(name)") } }

    /// Keeps what was made; a cache that can't be written only costs time.
    private func store(_ bytes: [UInt8], as name: String) {
        guard let cache else { return }
        try? FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try? Foundation.Data(bytes).write(to: URL(fileURLWithPath: "\(cache)/\(name)"), options: .atomic)
    }

    // MARK: Training

    private func understanding(
        _ training: TrainingSet, _ lexicon: Lexicon, _ dialogs: Dialogs
    ) -> (UnderstandingModel, trainTime: Duration?) {
        let fingerprint = UnderstandingModel.fingerprint(training: training, lexicon: lexicon)
        if let stored = dialogs.model, stored.fingerprint == fingerprint {
            return (UnderstandingModel(stored, lexicon: lexicon), nil)
        }
        let name = "model-\(String(fingerprint, radix: 16)).bin"
        defer { store(Array(name.utf8), as: dialogs.modelNote) }
        if let bytes = cached(name),
            let model = try? UnderstandingModel(decoding: bytes, lexicon: lexicon, fingerprint: fingerprint)
        {
            return (model, nil)
        }
        let begin = ContinuousClock.now
        let model = Self.train(training, lexicon)
        let trainTime = ContinuousClock.now - begin
        store(model.encoded(), as: name)
        return (model, trainTime)
    }

    /// Trains on all cores; the result does not depend on their number.
    package static func train(_ training: TrainingSet, _ lexicon: Lexicon) -> UnderstandingModel {
        UnderstandingModel(training: training, lexicon: lexicon, runner: ThreadRunner())
    }
}
