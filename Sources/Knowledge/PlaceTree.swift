package import Conversation

/// The divisions of the country and which belongs to which.
package struct PlaceTree: Sendable {
    /// Code of the whole country.
    package static let nation = "000000"

    package let places: [Place]
    private let indices: [String: Int32]
    /// For each place, the index of the one that it belongs to; -1 for the country.
    private let parents: [Int32]
    /// Provinces with prefectures (山东省, not 北京市).
    private let divided: Set<Int32>

    package init(_ places: [Place]) {
        self.places = places
        let indices = Dictionary(
            places.indices.map { (places[$0].code, Int32($0)) }, uniquingKeysWith: { first, _ in first })
        self.indices = indices
        parents = places.map { indices[$0.parent] ?? -1 }
        divided = Set(places.lazy.filter { $0.level == .prefecture }.compactMap { indices[$0.parent] })
    }

    package func place(_ code: String) -> Place? { index(code).map { places[Int($0)] } }

    func index(_ code: String) -> Int32? { indices[code] }

    /// A place and all that it belongs to, the narrowest first; no more than four.
    func chain(from index: Int32) -> [Int32] {
        var chain: [Int32] = []
        var current = index
        // Tables are checked for loops; a bound costs nothing.
        while current >= 0, chain.count < 8 {
            chain.append(current)
            current = parents[Int(current)]
        }
        return chain
    }

    /// A place and all that it belongs to, the narrowest first.
    package func chain(_ code: String) -> [Place] {
        index(code).map { chain(from: $0).map { places[Int($0)] } } ?? []
    }

    /// The province that a place lies in; nil for the country and unknown codes.
    package func province(of code: String) -> Place? { chain(code).first { $0.level == .province } }

    /// Whether a place is a city or a part of one: neither the country nor a province with prefectures (山东省; but 北京市 is).
    package func isCity(_ code: String) -> Bool {
        guard let index = index(code) else { return false }
        switch places[Int(index)].level {
        case .nation: return false
        case .prefecture, .county: return true
        case .province: return !divided.contains(index)
        }
    }

    /// Whether a place is the container or belongs to it.
    package func isWithin(_ code: String, _ container: String) -> Bool {
        if code == container { return true }
        guard let container = index(container), let start = index(code) else { return false }
        return chain(from: start).contains(container)
    }
}
