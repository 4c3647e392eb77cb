// Takes the place of service discovery by Kubernetes when promtool is built: half of its packages are those of
// Kubernetes' client. It has of it what promtool refers to; rules are checked and tested without.
package kubernetes

import (
	"github.com/prometheus/common/config"
	"github.com/prometheus/prometheus/discovery"
)

type SDConfig struct {
	discovery.Config
	HTTPClientConfig config.HTTPClientConfig
}
