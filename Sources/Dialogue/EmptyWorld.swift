/// A world of which nothing is known; who adopts it says what is.
package protocol EmptyWorld: DialogueWorld {}

extension EmptyWorld {
    package func areInOneProvince(_ first: String, _ second: String) -> Bool { false }
    package func isPlace(_ place: String, within container: String) -> Bool { false }
    package func hasFacts(on topic: String, for place: String) -> Bool { false }
    package func placeName(_ code: String) -> String { code }
    package func placeLabel(_ code: String) -> String { code }
    package func canAnswer(_ question: String, place: String?) -> Bool { false }
}
