import Yams
package enum AuthoringPlaceholder {}
