/// The demo page at `/` and the style of all pages, compiled into the program.
package enum Page {
    package static var html: [UInt8] { PackageResources.page_html }
    package static let style = Widget.compact(PackageResources.page_css)
    package static let script = Widget.compact(PackageResources.page_js)
}
