// Helm's `lint --strict` and `template`, by its own packages, without the client of Kubernetes and all that needs it:
//
//	helm lint CHART
//	helm template RELEASE NAMESPACE CHART [NAME=VALUE…]
//
// Values are given as to --set. The exit status is 1 where Helm's would be, what is wrong stands on standard error.
package main

import (
	"fmt"
	"log"
	"os"
	"strings"

	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/lint"
	"helm.sh/helm/v3/pkg/lint/support"
	"helm.sh/helm/v3/pkg/releaseutil"
	"helm.sh/helm/v3/pkg/strvals"
)

func main() {
	log.SetFlags(0)
	args := os.Args[1:]
	switch {
	case len(args) == 2 && args[0] == "lint":
		lintChart(args[1])
	case len(args) >= 4 && args[0] == "template":
		if err := template(args[1], args[2], args[3], args[4:]); err != nil {
			log.Fatal(err)
		}
	default:
		log.Fatal("usage: helm lint CHART | helm template RELEASE NAMESPACE CHART [NAME=VALUE…]")
	}
}

// lintChart prints all that lint has to say.
func lintChart(path string) {
	linter := lint.AllWithKubeVersion(path, map[string]any{}, "default", nil)
	for _, message := range linter.Messages {
		fmt.Println(message)
	}
	if linter.HighestSeverity >= support.WarningSev {
		os.Exit(1)
	}
}

// template prints the manifests of a release that is installed, in the order of installation; no notes.
func template(release, namespace, path string, sets []string) error {
	chart, err := loader.Load(path)
	if err != nil {
		return err
	}
	values := map[string]any{}
	for _, set := range sets {
		if err := strvals.ParseInto(set, values); err != nil {
			return err
		}
	}
	if err := chartutil.ProcessDependencies(chart, values); err != nil {
		return err
	}
	options := chartutil.ReleaseOptions{Name: release, Namespace: namespace, Revision: 1, IsInstall: true}
	all, err := chartutil.ToRenderValues(chart, values, options, nil)
	if err != nil {
		return err
	}
	files, err := engine.Render(chart, all)
	if err != nil {
		return err
	}
	for name := range files {
		if strings.HasSuffix(name, "NOTES.txt") {
			delete(files, name)
		}
	}
	_, manifests, err := releaseutil.SortManifests(files, nil, releaseutil.InstallOrder)
	for _, manifest := range manifests {
		fmt.Printf("---\n%s\n", manifest.Content)
	}
	return err
}
