import GRDB
package enum StoragePlaceholder {}
