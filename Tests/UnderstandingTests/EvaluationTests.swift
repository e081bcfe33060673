import Understanding
import Testing

@Suite struct EvaluationTests {
    private let outcomes: [Evaluation.Outcome] = [
        .init(truth: "a", guess: "a", score: 0.9), .init(truth: "a", guess: "b", score: 0.6),
        .init(truth: "b", guess: "b", score: 0.8),
        .init(truth: "none", guess: nil, score: 0.1), .init(truth: "none", guess: "a", score: 0.7),
    ]

    @Test func `accuracy and macro F1 count rejection as the out-of-scope label`() {
        let evaluation = Evaluation(outcomes, outOfScope: "none")
        #expect(evaluation.accuracy == 0.6)
        #expect(abs(evaluation.macroF1 - (0.5 + 2.0 / 3 + 2.0 / 3) / 3) < 1e-12)
    }

    @Test func `detection of what is out of scope is scored`() throws {
        let scope = try #require(Evaluation.outOfScope(outcomes, label: "none"))
        #expect(scope.inScopeAccuracy == 2.0 / 3)
        #expect(scope.recall == 0.5)
        #expect(scope.precision == 1)
        #expect(abs(scope.auroc - 5.0 / 6) < 1e-12)
        #expect(Evaluation.outOfScope(outcomes, label: "other") == nil)
    }

    @Test func `who is sure that a text is out of scope does not hold it to be in scope`() {
        func score(_ evidence: Double, _ best: String?) -> Double {
            Evaluation.inScope(evidence: evidence, best: best, label: "none")
        }
        let inside = [score(.infinity, "a"), score(1.5, "b"), score(0.2, "a")]
        let outside = [score(.infinity, "none"), score(2, "none"), score(-0.4, "none"), score(-0.1, "a")]
        #expect(Evaluation.auroc(inside, outside) == 1)
        #expect(Evaluation.inScope(evidence: 2, best: nil, label: nil) == 2)
    }

    @Test func `ties count half`() {
        #expect(Evaluation.auroc([1, 1], [1, 1]) == 0.5)
        #expect(Evaluation.auroc([2], [1]) == 1)
    }

    @Test func `spans must match exactly`() {
        let span = Evaluation.Span(type: "place", range: 0..<2)
        let other = Evaluation.Span(type: "place", range: 0..<3)
        let scored = Evaluation.spanF1(expected: [[span], [span]], found: [[span], [other]])
        #expect(scored.f1 == 0.5)
        #expect(scored.allRight == 0.5)
    }

    @Test func `what texts name is counted by type, once each, undecided values as one`() throws {
        typealias Mention = EntityEvaluation.Mention
        let jinan = Mention(type: "place", values: ["济南市"])
        let chaoyang = Mention(type: "place", values: ["朝阳区", "朝阳市"])
        let mother = Mention(type: "relation", values: ["父母"])
        var evaluation = EntityEvaluation()
        evaluation.add(
            expected: [jinan, Mention(type: "place", values: ["朝阳区"])], found: [jinan, jinan, chaoyang])
        evaluation.add(expected: [mother, jinan], found: [chaoyang, Mention(type: "age", values: ["3"])])
        #expect(evaluation.types == ["place", "relation"])
        let place = try #require(evaluation.shares["place"])
        #expect(place.recall == 2.0 / 3)
        #expect(place.precision == 2.0 / 3)
        #expect(evaluation.shares["relation"]?.recall == 0)
        #expect(evaluation.shares["relation"]?.precision == 1)
        #expect(evaluation.shares["age"]?.precision == 0)
    }

    @Test func `nothing to score is zero`() {
        #expect(Evaluation([]).accuracy == 0)
        #expect(Evaluation([]).macroF1 == 0)
    }
}
