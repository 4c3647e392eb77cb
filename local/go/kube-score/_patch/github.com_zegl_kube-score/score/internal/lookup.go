// Added to kube-score when it is built: labels have this method since the version of Kubernetes' libraries that it shares
// with the platform.
package internal

func (l MapLabels) Lookup(key string) (string, bool) {
	value, exists := l[key]
	return value, exists
}
