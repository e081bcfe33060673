import Channels
import Testing

private func decode(_ text: String) -> Result<HTTPTurnRequest, FrameError> {
    do throws(FrameError) {
        return .success(try HTTPTurnRequest.decode(Array(text.utf8)))
    } catch {
        return .failure(error)
    }
}

private func error(_ text: String) -> [String?] {
    guard case .failure(let error) = decode(text) else { return [] }
    return [error.code.rawValue, error.id, error.field]
}

@Suite struct HTTPTurnsTests {
    @Test func `a body says something or chooses`() {
        #expect(
            decode(#"{"id":"a1","text":"你好"}"#)
                == .success(HTTPTurnRequest(frame: .message(id: "a1", text: "你好"))))
        #expect(
            decode(#"{"token":"t","id":"a2","of":1,"choice":"flow=enrol","trace":true}"#)
                == .success(
                    HTTPTurnRequest(
                        token: "t", frame: .choose(id: "a2", of: 1, choice: "flow=enrol"),
                        wantsTrace: true)))
    }

    @Test func `where a conversation begins a body may say what the client knows`() {
        #expect(
            decode(#"{"id":"a1","text":"你好","profile":{"home_city":"济南"}}"#)
                == .success(
                    HTTPTurnRequest(
                        profile: [.init("home_city", "济南")],
                        frame: .message(id: "a1", text: "你好"))))
    }

    @Test(
        arguments: [
            ("[]", ["bad_json", nil, nil]), (#"{"text":"x"}"#, ["bad_field", nil, "id"]),
            (#"{"id":"a1"}"#, ["bad_field", "a1", "text"]),
            (#"{"id":"a1","of":1}"#, ["bad_field", "a1", "choice"]),
            (#"{"id":"a1","choice":"a=b"}"#, ["bad_field", "a1", "of"]),
            (#"{"id":"a1","text":"x","of":1,"choice":"a=b"}"#, ["bad_field", "a1", "text"]),
            (#"{"id":"a1","text":"x","token":5}"#, ["bad_field", "a1", "token"]),
            (#"{"id":"a1","text":"x","profile":[]}"#, ["bad_field", "a1", "profile"]),
            (#"{"id":"a1","text":"x","token":"t","profile":{}}"#, ["bad_field", "a1", "profile"]),
        ] as [(String, [String?])])
    func `a body that asks for nothing clear is refused`(text: String, expected: [String?]) {
        #expect(error(text) == expected)
    }

    @Test func `turns are listed as they are stored`() {
        let frames = [#"{"type":"turn","seq":1}"#, #"{"type":"turn","seq":2}"#].map { Array($0.utf8) }
        #expect(
            String(decoding: HTTPTurns.list(frames), as: UTF8.self)
                == #"{"turns":[{"type":"turn","seq":1},{"type":"turn","seq":2}]}"#)
        #expect(String(decoding: HTTPTurns.list([]), as: UTF8.self) == #"{"turns":[]}"#)
    }

    @Test func `each error has its status`() {
        #expect(
            ErrorCode.allCases.map(\.httpStatus)
                == [400, 400, 400, 400, 400, 401, 413, 409, 400, 429, 503, 503, 500])
        #expect(
            HTTPRefusal.allCases.map(\.status) == [
                400, 403, 404, 405, 408, 411, 413, 415, 426, 429, 503, 503,
            ])
    }
}
