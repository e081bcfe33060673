package import Conversation
package import JSONText

/// Replies as JSON.
package enum ReplyCoding {
    /// What stands for the date of a source that bears none.
    private static let undated = "日期不详"

    package static func write(_ replies: [Reply], to json: inout JSONWriter) {
        json.beginArray()
        for reply in replies { write(reply, to: &json) }
        json.endArray()
    }

    private static func write(_ reply: Reply, to json: inout JSONWriter) {
        json.beginObject()
        json.key("kind")
        switch reply.kind {
        case .text: json.string("text")
        case .choices: json.string("choices")
        case .steps: json.string("steps")
        case .table: json.string("table")
        case .sources: json.string("sources")
        }
        json.key("text")
        json.string(reply.text)
        switch reply.kind {
        case .text: break
        case .choices(let choices):
            json.key("choices")
            json.beginArray()
            for choice in choices {
                json.beginObject()
                json.key("id")
                json.string(choice.id)
                json.key("label")
                json.string(choice.label)
                json.endObject()
            }
            json.endArray()
        case .steps(let title, let steps):
            json.key("title")
            json.string(title)
            json.key("steps")
            write(steps, to: &json)
        case .table(let columns, let rows):
            json.key("columns")
            write(columns, to: &json)
            json.key("rows")
            json.beginArray()
            for row in rows { write(row, to: &json) }
            json.endArray()
        case .sources(let sources):
            json.key("sources")
            json.beginArray()
            for source in sources { write(source, to: &json) }
            json.endArray()
        }
        if !reply.cites.isEmpty {
            json.key("cites")
            json.beginArray()
            for number in reply.cites { json.integer(number) }
            json.endArray()
        }
        json.endObject()
    }

    private static func write(_ texts: [String], to json: inout JSONWriter) {
        json.beginArray()
        for text in texts { json.string(text) }
        json.endArray()
    }

    private static func write(_ source: Citation, to json: inout JSONWriter) {
        json.beginObject()
        json.key("n")
        json.integer(source.number)
        json.key("title")
        json.string(source.title)
        json.key("date")
        json.string(source.date ?? undated)
        json.key("region")
        json.string(source.region)
        json.key("facts")
        write(source.facts, to: &json)
        if let publisher = source.publisher {
            json.key("publisher")
            json.string(publisher)
        }
        if let number = source.documentNumber {
            json.key("document_no")
            json.string(number)
        }
        if let url = source.url {
            json.key("url")
            json.string(url)
        }
        json.endObject()
    }

    /// Replies from JSON, for clients and tests; what is not understood is passed over.
    package static func read(_ json: JSONValue?) -> [Reply] { (json?.array ?? []).compactMap(read) }

    private static func read(_ json: JSONValue) -> Reply? {
        guard let text = json["text"]?.string, let kind = json["kind"]?.string else { return nil }
        func texts(_ value: JSONValue?) -> [String] { (value?.array ?? []).compactMap(\.string) }
        let cites = (json["cites"]?.array ?? []).compactMap(\.integer)
        switch kind {
        case "choices":
            let choices = (json["choices"]?.array ?? []).map { choice in
                Choice(id: choice["id"]?.string ?? "", label: choice["label"]?.string ?? "")
            }
            return Reply(kind: .choices(choices), text: text, cites: cites)
        case "steps":
            let kind = Reply.Kind.steps(title: json["title"]?.string ?? "", steps: texts(json["steps"]))
            return Reply(kind: kind, text: text, cites: cites)
        case "table":
            let rows = (json["rows"]?.array ?? []).map { texts($0) }
            let kind = Reply.Kind.table(columns: texts(json["columns"]), rows: rows)
            return Reply(kind: kind, text: text, cites: cites)
        case "sources":
            let sources = (json["sources"]?.array ?? []).map { source in
                Citation(
                    number: source["n"]?.integer ?? 0, title: source["title"]?.string ?? "",
                    date: source["date"]?.string.flatMap { $0 == undated ? nil : $0 },
                    region: source["region"]?.string ?? "", facts: texts(source["facts"]),
                    publisher: source["publisher"]?.string, documentNumber: source["document_no"]?.string,
                    url: source["url"]?.string)
            }
            return Reply(kind: .sources(sources), text: text, cites: cites)
        default: return Reply(text: text, cites: cites)
        }
    }
}
