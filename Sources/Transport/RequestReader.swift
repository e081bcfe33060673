import CLibwebsockets

/// Copies what is needed of a request out of libwebsockets, whose headers do not outlive the callback.
enum RequestReader {
    private static let methods: [(lws_token_indexes, String)] = [
        (WSI_TOKEN_GET_URI, "GET"), (WSI_TOKEN_POST_URI, "POST"), (WSI_TOKEN_HEAD_URI, "HEAD"),
        (WSI_TOKEN_OPTIONS_URI, "OPTIONS"), (WSI_TOKEN_PUT_URI, "PUT"), (WSI_TOKEN_PATCH_URI, "PATCH"),
        (WSI_TOKEN_DELETE_URI, "DELETE"),
    ]

    static func read(_ wsi: OpaquePointer) -> HTTPRequest {
        var request = HTTPRequest(method: "", path: "", query: query(wsi), peerAddress: peerAddress(wsi))
        for (token, name) in methods {
            guard let path = header(wsi, token) else { continue }
            request.method = name
            request.path = path
            break
        }
        request.host = header(wsi, WSI_TOKEN_HOST)
        request.origin = header(wsi, WSI_TOKEN_ORIGIN)
        request.forwardedFor = header(wsi, WSI_TOKEN_X_FORWARDED_FOR)
        request.authorization = header(wsi, WSI_TOKEN_HTTP_AUTHORIZATION)
        request.contentType = header(wsi, WSI_TOKEN_HTTP_CONTENT_TYPE)
        request.contentLength = header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH)
        request.transferEncoding = header(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING)
        request.ifNoneMatch = header(wsi, WSI_TOKEN_HTTP_IF_NONE_MATCH)
        request.acceptEncoding = header(wsi, WSI_TOKEN_HTTP_ACCEPT_ENCODING)
        request.cookies = header(wsi, WSI_TOKEN_HTTP_COOKIE)
        request.webSocketVersion = header(wsi, WSI_TOKEN_VERSION)
        request.webSocketKey = header(wsi, WSI_TOKEN_KEY)
        request.webSocketProtocol = header(wsi, WSI_TOKEN_PROTOCOL)
        return request
    }

    /// The header's value; nil when the request does not have it.
    static func header(_ wsi: OpaquePointer, _ token: lws_token_indexes) -> String? {
        let length = Int(lws_hdr_total_length(wsi, token))
        guard length > 0 else { return nil }
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: length + 1) { buffer in
            guard let base = buffer.baseAddress, lws_hdr_copy(wsi, base, Int32(length + 1), token) >= 0 else {
                return nil
            }
            return String(cString: base)
        }
    }

    private static func query(_ wsi: OpaquePointer) -> String {
        var parts: [String] = []
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 1024) { buffer in
            guard let base = buffer.baseAddress else { return }
            for index in 0..<16 {
                guard lws_hdr_copy_fragment(wsi, base, 1024, WSI_TOKEN_HTTP_URI_ARGS, Int32(index)) > 0 else {
                    break
                }
                parts.append(String(cString: base))
            }
        }
        return parts.joined(separator: "&")
    }

    static func peerAddress(_ wsi: OpaquePointer) -> String {
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
            guard let base = buffer.baseAddress else { return "" }
            base[0] = 0
            lws_get_peer_simple(wsi, base, 64)
            return String(cString: base)
        }
    }
}
