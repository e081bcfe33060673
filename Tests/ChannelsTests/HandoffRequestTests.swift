import Channels
import Testing

private func decode(_ text: String) -> Result<HandoffRequest, FrameError> {
    do throws(FrameError) { return .success(try HandoffRequest.decode(Array(text.utf8))) } catch {
        return .failure(error)
    }
}

@Suite struct HandoffRequestTests {
    @Test func `a name takes over and null gives back`() throws {
        let taken = try decode(##"{"token":"t","id":"d1","owner":"王老师","text":"您好"}"##).get()
        #expect(taken.frame == .person(id: "d1", owner: "王老师", text: "您好"))
        #expect(taken.token == "t")
        #expect(
            try decode(##"{"token":"t","id":"d2","owner":null}"##).get().frame
                == .handBack(id: "d2", text: ""))
    }

    @Test(
        arguments: [
            (##"{"token":"t","id":"d1"}"##, "owner"), (##"{"token":"t","id":"d1","owner":""}"##, "owner"),
            (##"{"token":"t","id":"d1","owner":"  "}"##, "owner"),
            (##"{"token":"t","id":"d1","owner":7}"##, "owner"),
            (##"{"id":"d1","owner":null}"##, "token"), (##"{"token":"t","owner":null}"##, "id"),
            (##"{"token":"t","id":"d1","owner":null,"text":7}"##, "text"),
        ])
    func `what is not clear is refused by the name of its member`(body: String, field: String) {
        guard case .failure(let error) = decode(body) else { return #expect(Bool(false), "taken") }
        #expect(error.code == .badField)
        #expect(error.field == field)
    }
}
