/// Whom a fact is for, as far as one group shuts out another.
///
/// The words of the tables are not one list of alternatives: a man is employed or retired all the same, and a
/// newborn is a child. So each word belongs to an aspect, and two words exclude each other only within one,
/// unless one is part of the other. A word of no aspect excludes nothing.
enum Population {
    /// Whether a fact for `population` is of use to someone of the groups asked about.
    static func answers(_ population: String, asked: [String]) -> Bool {
        if population.isEmpty || asked.isEmpty || asked.contains(population) { return true }
        guard let aspect = aspect(of: population) else { return true }
        let rivals = asked.filter { self.aspect(of: $0) == aspect }
        return rivals.isEmpty || rivals.contains { isPart(population, of: $0) || isPart($0, of: population) }
    }

    private enum Aspect { case standing, stay, sex }

    private static func aspect(of population: String) -> Aspect? {
        switch population {
        case "在职", "退休", "失业", "成年居民", "学生儿童", "新生儿", "老年": .standing
        case "长期居住", "临时外出", "转诊", "急诊": .stay
        case "男", "女": .sex
        default: nil
        }
    }

    /// 新生儿 are children; the old are found among the retired and among adult residents. Who was referred or
    /// fell ill on the way is away for a while, but not everybody who is away was referred, so that is no
    /// part.
    private static func isPart(_ part: String, of whole: String) -> Bool {
        switch (part, whole) {
        case ("新生儿", "学生儿童"), ("老年", "成年居民"), ("老年", "退休"): true
        default: false
        }
    }
}
