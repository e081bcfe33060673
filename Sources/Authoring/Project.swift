package import Assistant
import Conversation
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
        /// Whether the model had to be trained.
        package var wasTrained: Bool
        /// What the model was trained on; nil when there is an error.
        package var training: TrainingSet?
    }

    /// Reads, checks and compiles everything. All mistakes are reported, not only the first.
    package func load() -> Loaded {
        let (collector, knowledge, documents) = readFiles()
        guard let knowledge else {
            return Loaded(
                assistant: nil, diagnostics: collector.diagnostics.sortedByPosition(), wasTrained: false)
        }
        let reader = DialogReader(knowledge: knowledge, collector: collector)
        reader.read(DialogFiles(documents))
        reader.checkReferences()
        reader.checkLiterals()
        let diagnostics = collector.diagnostics.sortedByPosition()
        guard !collector.hasErrors else {
            return Loaded(assistant: nil, diagnostics: diagnostics, wasTrained: false)
        }
        let training = TrainingSet(examples: reader.examples, titles: reader.titles)
        let lexicon = Lexicon(PlaceLexicon.entries(for: knowledge.placesWithAliases) + reader.lexicon)
        let (model, wasTrained) = understanding(training, lexicon)
        let program = DialogueProgram(
            slots: reader.slots, flows: reader.flows, menu: reader.menu.map(\.name),
            questionWords: reader.questionWords)
        let assistant = Assistant(
            name: reader.assistantName, version: version(documents, model, knowledge),
            understanding: model, knowledge: knowledge, dialogue: program,
            responses: reader.responses)
        return Loaded(
            assistant: assistant, diagnostics: diagnostics, wasTrained: wasTrained, training: training)
    }

    /// A digest of everything that can change what is said.
    private func version(
        _ documents: [DialogFiles.Document], _ model: UnderstandingModel,
        _ knowledge: KnowledgeBase
    ) -> String {
        var fingerprint = Fingerprint()
        for document in documents {
            fingerprint.mix(document.file.path)
            fingerprint.mix(Checksum.of(document.file.bytes[...]))
        }
        fingerprint.mix(model.fingerprint)
        fingerprint.mix(knowledge.fingerprint)
        return String(fingerprint.value, radix: 16)
    }

    // MARK: Files

    /// The tables on one core, the dialogs on another: neither needs the other until both are there.
    private func readFiles() -> (DiagnosticCollector, KnowledgeBase?, [DialogFiles.Document]) {
        let tables = Handed<(DiagnosticCollector, KnowledgeBase?)>()
        let dialogs = Handed<(DiagnosticCollector, [DialogFiles.Document])>()
        DispatchQueue.concurrentPerform(iterations: 2) { index in
            let collector = DiagnosticCollector()
            if index == 0 {
                tables.value = (collector, TableLoader.load(folder: data, into: collector))
            } else {
                dialogs.value = (collector, documents(into: collector))
            }
        }
        let collector = DiagnosticCollector()
        collector.report(tables.value?.0.diagnostics ?? [])
        collector.report(dialogs.value?.0.diagnostics ?? [])
        return (collector, tables.value?.1, dialogs.value?.1 ?? [])
    }

    /// What a thread hands over when it is done.
    private final class Handed<Value>: @unchecked Sendable {
        // Sendable: written by one thread, read by another after that one has ended.
        var value: Value?
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

    private func cached(_ name: String) -> [UInt8]? {
        guard let cache, let data = FileManager.default.contents(atPath: "\(cache)/\(name)") else {
            return nil
        }
        return [UInt8](data)
    }

    /// Keeps what was made; a cache that can't be written only costs time.
    private func store(_ bytes: [UInt8], as name: String) {
        guard let cache else { return }
        try? FileManager.default.createDirectory(atPath: cache, withIntermediateDirectories: true)
        try? Foundation.Data(bytes).write(to: URL(fileURLWithPath: "\(cache)/\(name)"), options: .atomic)
    }

    // MARK: Training

    private func understanding(_ training: TrainingSet, _ lexicon: Lexicon) -> (UnderstandingModel, Bool) {
        let fingerprint = UnderstandingModel.fingerprint(training: training, lexicon: lexicon)
        let name = "model-\(String(fingerprint, radix: 16)).bin"
        if let bytes = cached(name),
            let model = try? UnderstandingModel(decoding: bytes, lexicon: lexicon, fingerprint: fingerprint)
        {
            return (model, false)
        }
        let model = Self.train(training, lexicon)
        store(model.encoded(), as: name)
        return (model, true)
    }

    /// Trains on all cores; the result does not depend on their number.
    package static func train(_ training: TrainingSet, _ lexicon: Lexicon) -> UnderstandingModel {
        UnderstandingModel(training: training, lexicon: lexicon, runner: ThreadRunner())
    }
}
