/// Division codes as numbers: two digits each for the province, the prefecture and the county (GB/T 2260).
enum PlaceCode {
    /// Whether `inner` lies in `outer` and is another division.
    static func contains(_ outer: Int32, _ inner: Int32) -> Bool {
        guard outer != inner else { return false }
        if outer % 10_000 == 0 { return outer != 0 && inner / 10_000 == outer / 10_000 }
        if outer % 100 == 0 { return inner / 100 == outer / 100 }
        return false
    }

    /// Whether two counties belong to one prefecture.
    static func areSiblings(_ left: Int32, _ right: Int32) -> Bool {
        left != right && left % 100 != 0 && right % 100 != 0 && left / 100 == right / 100
    }

    static func string(_ code: Int32) -> String {
        let digits = String(code)
        return String(repeating: "0", count: max(0, 6 - digits.utf8.count)) + digits
    }
}
