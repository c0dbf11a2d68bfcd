// Command pictures measures pictures to smaller JPEGs side by side, in one run: mapfleet's picture package,
// the standard library with disintegration/imaging, and sharp where Node.js is installed. It prints CPU
// milliseconds a picture on one thread (medians of interleaved rounds) beside the quality and the bytes
// of what was made.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/pprof"
	"slices"
	"text/tabwriter"
	"time"

	"mapfleet/functions/resize/picture"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string, w io.Writer) error {
	flags := flag.NewFlagSet("pictures", flag.ContinueOnError)
	photos := flags.String("photos", "scripts/photos", "`folder` of JPEGs; with folders small and large in it, those are taken for 500x375 and 12 MP")
	rounds := flags.Int("rounds", 5, "interleaved rounds; medians are printed")
	only := flags.String("only", "", "measure only the row of this name")
	profile := flags.String("profile", "", "only write a CPU profile of mapfleet's rows to this `file`, for the compiler to go by")
	peakOf := flags.String("peak", "", "only render this `file` and print the peak memory: one half of a measurement")
	if err := flags.Parse(args); err != nil {
		return err
	}
	runtime.GOMAXPROCS(1)
	if *peakOf != "" {
		return showPeak(ctx, w, *peakOf)
	}
	rows, err := makeRows(*photos)
	if err != nil {
		return err
	}
	if *profile != "" {
		return writeProfile(ctx, *profile, rows)
	}
	peers := []peer{fleetPeer{}, fleetPeer{picture.Fine}, imagingPeer{}}
	node, err := startSharp(ctx)
	if err != nil {
		fmt.Fprintf(w, "without sharp: %v\n", err)
	} else {
		defer node.stop()
		peers = append(peers, node)
		fmt.Fprintf(w, "sharp %s\n", node.version)
	}
	out := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(out, "to JPEG, quality 85\tpeer\tCPU ms\tsharp is\tluma PSNR dB\tbytes\tof sharp's\t")
	for _, r := range rows {
		if *only != "" && r.name != *only {
			continue
		}
		figures, err := r.measure(ctx, peers, *rounds)
		if err != nil {
			return fmt.Errorf("%s: %w", r.name, err)
		}
		r.print(out, figures)
	}
	if err := out.Flush(); err != nil {
		return err
	}
	if *only != "" {
		return nil
	}
	return measureLimits(ctx, w, rows[1].files[0])
}

// writeProfile profiles every row, each for about as long.
func writeProfile(ctx context.Context, name string, rows []*row) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := pprof.StartCPUProfile(f); err != nil {
		return err
	}
	defer pprof.StopCPUProfile()
	for _, r := range rows {
		for spent := time.Duration(0); spent < 4*time.Second; {
			_, took, err := fleetPeer{}.resize(ctx, r.files, r.box)
			if err != nil {
				return err
			}
			spent += took
		}
	}
	return nil
}

// row is one line of the table for each peer: pictures, and the box that they are to fit into.
type row struct {
	name   string
	files  [][]byte
	box    int
	wanted []luma // what a resizer without rounding would make of each file
}

// figure is what one peer showed in a row.
type figure struct {
	peer  string
	milli []float64 // CPU milliseconds a picture, by round
	psnr  float64   // mean over the pictures
	bytes int
}

const quality = 85

func (r *row) measure(ctx context.Context, peers []peer, rounds int) ([]figure, error) {
	figures := make([]figure, len(peers))
	for round := range rounds + 1 { // the first warms up, and is looked at
		for i, p := range peers {
			made, spent, err := p.resize(ctx, r.files, r.box)
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name(), err)
			}
			if round == 0 {
				if figures[i], err = r.judge(made); err != nil {
					return nil, fmt.Errorf("%s: %w", p.name(), err)
				}
				figures[i].peer = p.name()
				continue
			}
			figures[i].milli = append(figures[i].milli, spent.Seconds()*1e3/float64(len(r.files)))
		}
	}
	return figures, nil
}

// judge compares what was made with what was wanted, both as luma.
func (r *row) judge(made [][]byte) (figure, error) {
	var f figure
	for i, data := range made {
		got, err := decodeLuma(data)
		if err != nil {
			return f, err
		}
		if r.wanted[i].pix == nil {
			source, err := decodeLuma(r.files[i])
			if err != nil {
				return f, err
			}
			r.wanted[i] = source.scaled(got.width, got.height)
		}
		db, err := psnr(got, r.wanted[i])
		if err != nil {
			return f, err
		}
		f.psnr += db / float64(len(made))
		f.bytes += len(data)
	}
	return f, nil
}

func (r *row) print(w io.Writer, figures []figure) {
	sharp := figures[len(figures)-1]
	for _, f := range figures {
		times, share := "", ""
		if sharp.peer == sharpName {
			times = fmt.Sprintf("%.2f x", median(sharp.milli)/median(f.milli))
			share = fmt.Sprintf("%.1f %%", 100*float64(f.bytes)/float64(sharp.bytes))
		}
		fmt.Fprintf(w, "%s\t%s\t%.2f\t%s\t%.2f\t%d\t%s\t\n", r.name, f.peer, median(f.milli), times, f.psnr, f.bytes, share)
	}
}

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	return sorted[len(sorted)/2]
}
