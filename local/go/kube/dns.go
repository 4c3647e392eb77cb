package main

import (
	"github.com/coredns/coredns/core/dnsserver"
	"github.com/coredns/coredns/coremain"
	_ "github.com/coredns/coredns/plugin/bind"
	_ "github.com/coredns/coredns/plugin/errors"
	_ "github.com/coredns/coredns/plugin/kubernetes"
)

// runDNS is CoreDNS with the three plugins that a cluster of its own needs. There is no cache among them on
// purpose: answers come from memory anyway, and a remembered "no such host" would hold up servers that are
// waiting for each other's names.
func runDNS() {
	dnsserver.Directives = []string{"bind", "errors", "kubernetes"}
	coremain.Run()
}
