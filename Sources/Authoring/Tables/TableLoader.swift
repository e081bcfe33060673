package import Diagnostics
package import Knowledge

/// The files of one table.
package struct TableFiles: Sendable {
    /// The folder's name, which is the table's.
    package var name: String
    package var definition: SourceFile
    package var rows: SourceFile

    package init(name: String, definition: SourceFile, rows: SourceFile) {
        self.name = name
        self.definition = definition
        self.rows = rows
    }
}

/// Turns `Data/` into a knowledge base, all or nothing: with one error there is none, and all errors are
/// reported.
package enum TableLoader {
    /// Reads all tables of a folder. `name` is how the folder is called in diagnostics.
    package static func load(folder: String, as name: String = "Data", into collector: DiagnosticCollector)
        -> KnowledgeBase?
    {
        guard let names = FileStore.names(in: folder) else {
            let file = SourceFile(path: name, bytes: [])
            collector.error(
                .missingFile, "there is no folder `\(name)`",
                at: Diagnostic.Label(file, SourceSpan(line: 1, column: 1, length: 0)))
            return nil
        }
        let kinds = names.map { FileStore.kind(of: "\(folder)/\($0)") }
        for (entry, kind) in zip(names, kinds) where kind == .link {
            FileStore.refuseLink("\(name)/\(entry)", into: collector)
        }
        let folders = zip(names, kinds).filter { $0.1 == .folder }.map(\.0)
        let read = ThreadRunner().map(folders.count) { files(of: folders[$0], in: folder, as: name) }
        for (_, diagnostics) in read { collector.report(diagnostics) }
        let tables = read.compactMap(\.files)
        let loaded = load(tables, into: collector)
        return tables.count == folders.count && !kinds.contains(.link) ? loaded : nil
    }

    private static func files(
        of table: String, in folder: String, as name: String
    ) -> (files: TableFiles?, diagnostics: [Diagnostic]) {
        let collector = DiagnosticCollector()
        func read(_ file: String) -> SourceFile? {
            let (path, called) = ("\(folder)/\(table)/\(file)", "\(name)/\(table)/\(file)")
            guard FileStore.kind(of: path) != .link else {
                FileStore.refuseLink(called, into: collector)
                return nil
            }
            return FileStore.read(path, as: called, into: collector)
        }
        let definition = read("table.yaml")
        let rows = read("rows.csv")
        guard let definition, let rows else { return (nil, collector.diagnostics) }
        return (TableFiles(name: table, definition: definition, rows: rows), collector.diagnostics)
    }

    /// Checks the tables and builds the knowledge base; nil when there is an error.
    package static func load(_ tables: [TableFiles], into collector: DiagnosticCollector) -> KnowledgeBase? {
        let before = collector.diagnostics.count
        let loading = TableLoading(collector)
        loading.run(tables)
        guard !collector.diagnostics[before...].contains(where: { $0.severity == .error }) else { return nil }
        let knowledge = KnowledgeBase(loading.tables, runner: ThreadRunner())
        loading.findContradictions(in: knowledge)
        return knowledge
    }
}
