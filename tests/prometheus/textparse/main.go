// Reads a scrape on standard input with the parser of Prometheus, as its scraper does, and writes each series as a line of
// JSON. The argument is the Content-Type of the scrape. Flags:
//
//	-native   with scrape_native_histograms: true
//	-classic  with always_scrape_classic_histograms: true
//	-times N  instead of JSON, the nanoseconds that the fastest of N readings took, without and with start timestamps
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"log"
	"os"
	"time"

	"github.com/prometheus/prometheus/model/exemplar"
	"github.com/prometheus/prometheus/model/histogram"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/model/textparse"
)

type exemplarOf struct {
	Labels map[string]string `json:"labels"`
	Value  float64           `json:"value"`
	Ms     int64             `json:"ms"`
}

type native struct {
	Schema        int32   `json:"schema"`
	ZeroThreshold float64 `json:"zeroThreshold"`
	ZeroCount     uint64  `json:"zeroCount"`
	Count         uint64  `json:"count"`
	Sum           float64 `json:"sum"`
	// Upper bound and count of each bucket that has any.
	Buckets [][2]float64 `json:"buckets"`
}

type series struct {
	Labels map[string]string `json:"labels"`
	Value  string            `json:"value,omitempty"`
	Native *native           `json:"native,omitempty"`
	// Start timestamp, Unix milliseconds; 0 where there is none.
	StartMs   int64        `json:"startMs"`
	Exemplars []exemplarOf `json:"exemplars,omitempty"`
}

func nativeOf(h *histogram.Histogram) *native {
	if h == nil {
		return nil
	}
	if err := h.Validate(); err != nil {
		log.Fatalf("a histogram that isn't valid: %v", err)
	}
	out := &native{h.Schema, h.ZeroThreshold, h.ZeroCount, h.Count, h.Sum, [][2]float64{}}
	for it := h.PositiveBucketIterator(); it.Next(); {
		b := it.At()
		out.Buckets = append(out.Buckets, [2]float64{b.Upper, float64(b.Count)})
	}
	return out
}

// read gives each series to emit, where that isn't nil.
func read(body []byte, contentType string, options textparse.ParserOptions, starts bool, emit func(series)) {
	parser, err := textparse.New(body, contentType, labels.NewSymbolTable(), options)
	if err != nil {
		log.Fatal(err)
	}
	for {
		entry, err := parser.Next()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		var out series
		switch entry {
		case textparse.EntrySeries:
			_, _, value := parser.Series()
			out.Value = fmt.Sprint(value)
		case textparse.EntryHistogram:
			_, _, h, _ := parser.Histogram()
			out.Native = nativeOf(h)
		default:
			continue
		}
		var set labels.Labels
		parser.Labels(&set)
		if starts {
			out.StartMs = parser.StartTimestamp()
		}
		var e exemplar.Exemplar
		for parser.Exemplar(&e) {
			out.Exemplars = append(out.Exemplars, exemplarOf{e.Labels.Map(), e.Value, e.Ts})
			e = exemplar.Exemplar{}
		}
		if emit != nil {
			out.Labels = set.Map()
			emit(out)
		}
	}
}

func main() {
	var isNative, isClassic bool
	var times int
	flag.BoolVar(&isNative, "native", false, "")
	flag.BoolVar(&isClassic, "classic", false, "")
	flag.IntVar(&times, "times", 0, "")
	flag.Parse()
	body, err := io.ReadAll(os.Stdin)
	if err != nil {
		log.Fatal(err)
	}
	options := textparse.ParserOptions{
		IgnoreNativeHistograms:                  !isNative,
		KeepClassicOnClassicAndNativeHistograms: isClassic,
		EnableTypeAndUnitLabels:                 true,
		OpenMetricsSkipSTSeries:                 true,
	}
	if times > 0 {
		for _, starts := range []bool{false, true} {
			best := time.Duration(1<<63 - 1)
			for i := 0; i < times; i++ {
				begin := time.Now()
				read(body, flag.Arg(0), options, starts, nil)
				best = min(best, time.Since(begin))
			}
			fmt.Println(best.Nanoseconds())
		}
		return
	}
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	lines := json.NewEncoder(out)
	read(body, flag.Arg(0), options, true, func(s series) {
		if err := lines.Encode(s); err != nil {
			log.Fatal(err)
		}
	})
}
