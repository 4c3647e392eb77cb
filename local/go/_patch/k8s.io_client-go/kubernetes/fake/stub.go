// Takes the place of Kubernetes' fake client, 60 packages, when Kubernetes is built. Test helpers of the API server and of
// the scheduler refer to it, which are among the files of these packages and are never called.
package fake

import (
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/testing"
)

type Clientset struct {
	kubernetes.Interface
}

func (*Clientset) Tracker() testing.ObjectTracker { return nil }

func NewClientset(...runtime.Object) *Clientset { return nil }

func NewSimpleClientset(...runtime.Object) *Clientset { return nil }

func AddToScheme(*runtime.Scheme) error { return nil }
