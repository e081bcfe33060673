package import Diagnostics

/// The YAML files of a dialogs folder, read into nodes.
package struct DialogFiles {
    package struct Document {
        package var file: SourceFile
        package var root: YAMLNode

        /// The file's name without folder and ending.
        var name: String {
            let last = file.path.split(separator: "/").last ?? ""
            return String(last.hasSuffix(".yaml") ? last.dropLast(5) : last)
        }

        func label(_ span: SourceSpan, _ text: String = "") -> Diagnostic.Label {
            Diagnostic.Label(file, span, text)
        }
    }

    package var assistant: Document?
    package var slots: Document?
    package var intents: [Document] = []
    package var entities: [Document] = []
    package var flows: [Document] = []
    package var responses: [Document] = []
    package var patterns: [Document] = []

    /// Sorts documents into their kinds by their folder; paths are relative to the dialogs folder's parent.
    package init(_ documents: [Document]) {
        for document in documents {
            let parts = document.file.path.split(separator: "/")
            switch parts.count > 1 ? String(parts[parts.count - 2]) : "" {
            case "intents": intents.append(document)
            case "entities": entities.append(document)
            case "flows": flows.append(document)
            case "responses": responses.append(document)
            case "patterns": patterns.append(document)
            default:
                if document.name == "assistant" { assistant = document }
                if document.name == "slots" { slots = document }
            }
        }
    }
}
