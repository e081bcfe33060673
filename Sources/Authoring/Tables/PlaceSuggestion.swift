/// Finds what a code that no place has was meant to be.
enum PlaceSuggestion {
    /// Codes that a hint names at most.
    private static let listed = 3

    /// Who writes the name of a place is told its code; for a code, those that differ in the fewest digits, with their names.
    static func hint(for text: String, among places: [String: String]) -> String? {
        let named = places.filter { _, name in
            name == text || name.utf8.count == text.utf8.count + 3 && name.hasPrefix(text)
        }
        if !named.isEmpty {
            return list(named.map { ($0.key, $0.value) }.sorted { $0.0 < $1.0 }, "of that name")
        }
        let near = places.compactMap { code, name -> (distance: Int, code: String, name: String)? in
            guard code.utf8.count == text.utf8.count else { return nil }
            let distance = zip(code.utf8, text.utf8).reduce(0) { $0 + ($1.0 == $1.1 ? 0 : 1) }
            // In another province hardly anybody errs by two digits.
            return distance == 1 || distance == 2 && code.utf8.prefix(2).elementsEqual(text.utf8.prefix(2))
                ? (distance, code, name) : nil
        }
        guard let least = near.map(\.distance).min() else {
            return "places and their codes are in `Data/places/rows.csv`"
        }
        let nearest = near.filter { $0.distance == least }.map { ($0.code, $0.name) }.sorted { $0.0 < $1.0 }
        return list(nearest, "nearest")
    }

    private static func list(_ found: [(code: String, name: String)], _ which: String) -> String {
        let shown = found.prefix(listed).map { "`\($0.code)` \($0.name)" }.joined(separator: ", ")
        let rest = found.count > listed ? " and \(found.count - listed) more" : ""
        let (one, several) =
            which == "nearest"
            ? ("the nearest code is", "the nearest codes are")
            : ("the code \(which) is", "the codes \(which) are")
        return "\(found.count == 1 ? one : several) \(shown)\(rest)"
    }
}
