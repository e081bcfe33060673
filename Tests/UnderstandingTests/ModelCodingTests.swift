import Understanding
import Testing

@Suite struct ModelCodingTests {
    private static let bytes = Sample.model.encoded()

    private func decode(_ bytes: [UInt8], fingerprint: UInt64 = Sample.model.fingerprint) -> Result<
        UnderstandingModel, ModelError
    > {
        do throws(ModelError) {
            return .success(
                try UnderstandingModel(decoding: bytes, lexicon: Sample.lexicon, fingerprint: fingerprint))
        } catch {
            return .failure(error)
        }
    }

    private func code(_ bytes: [UInt8], fingerprint: UInt64 = Sample.model.fingerprint) -> ModelError.Code? {
        if case .failure(let error) = decode(bytes, fingerprint: fingerprint) { return error.code }
        return nil
    }

    @Test func `a stored model understands as the trained one does`() throws {
        let model = try decode(Self.bytes).get()
        for text in ["去济南看病怎么备案", "花了两万三", "魑魅魍魉", "你好"] {
            #expect(model.understand(text) == Sample.model.understand(text))
        }
        #expect(model.encoded() == Self.bytes)
    }

    @Test func `bytes of something else are refused`() {
        #expect(code([]) == .notAModel)
        #expect(code(Array(repeating: 7, count: 100)) == .notAModel)
    }

    @Test func `any damaged byte is noticed`() {
        for position in stride(from: 8, to: Self.bytes.count, by: max(1, Self.bytes.count / 97)) {
            var damaged = Self.bytes
            damaged[position] ^= 0x40
            #expect(code(damaged) == .damaged)
        }
    }

    @Test func `a model cut short is noticed`() {
        for length in stride(from: 0, to: Self.bytes.count, by: max(1, Self.bytes.count / 53)) {
            #expect(code(Array(Self.bytes.prefix(length))) != nil)
        }
    }

    @Test func `a model of other examples is stale`() {
        #expect(code(Self.bytes, fingerprint: 1) == .stale)
    }

    @Test func `the fingerprint follows examples and dictionaries`() {
        var changed = Sample.training
        changed.examples[0].text += "吗"
        #expect(
            UnderstandingModel.fingerprint(training: changed, lexicon: Sample.lexicon)
                != Sample.model.fingerprint)
        #expect(
            UnderstandingModel.fingerprint(training: Sample.training, lexicon: Lexicon([]))
                != Sample.model.fingerprint)
    }
}
