import Logging
import CLibwebsockets
import CLoopShim
package enum TransportPlaceholder {}
