/// The plain page at `/`, compiled into the program.
package enum Page {
    package static var html: [UInt8] { PackageResources.page_html }
    package static var style: [UInt8] { PackageResources.page_css }
    package static var script: [UInt8] { PackageResources.page_js }
}
