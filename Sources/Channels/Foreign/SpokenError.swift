extension ErrorCode {
    /// What the person reads where nothing but words can be shown.
    package var spoken: String {
        switch self {
        case .textTooLong: "这句太长了，请分几次说。"
        case .unknownChoice: "这个选项已经过去了，请重新选，或者直接说。"
        case .token: "上次的对话找不到了，我们从头开始。"
        case .rateLimited, .storageUnavailable, .turnTimeout: "现在有点忙，请过一会儿再发一次。"
        case .badJSON, .badField, .unknownType, .protocolState, .protocolVersion, .idConflict, .internal:
            "这句没送到，请再试一次。"
        }
    }
}
