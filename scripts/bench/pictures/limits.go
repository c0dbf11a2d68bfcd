package main

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"github.com/gen2brain/jpegn"

	"mapfleet/functions/resize/picture"
)

// allowedPeaks is how much memory a picture of so many megapixels may take above the idle process.
var allowedPeaks = []struct{ width, height, megabytes int }{
	{6000, 4000, 40},
	{12000, 8333, 80},
}

// measureLimits prints the peak memory of large pictures, each in a process of its own, and the time in
// which a picture that is too large is refused.
func measureLimits(ctx context.Context, w io.Writer, sample []byte) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "mapfleet-bench-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(dir)
	idle, err := peak(ctx, self, "none")
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "\npeak memory above the idle process (%.1f MB), to 1024 px\n", idle)
	for _, p := range allowedPeaks {
		data, err := tiled(sample, p.width, p.height)
		if err != nil {
			return err
		}
		file := filepath.Join(dir, "large.jpg")
		if err := os.WriteFile(file, data, 0o600); err != nil {
			return err
		}
		used, err := peak(ctx, self, file)
		if err != nil {
			return err
		}
		fmt.Fprintf(w, "  %d x %d, %.1f MB file: %.1f MB (at most %d)\n", p.width, p.height, float64(len(data))/1e6, used-idle, p.megabytes)
	}
	return refusal(ctx, w)
}

// peak runs this program on one file and returns its peak resident memory in MB.
func peak(ctx context.Context, self, file string) (float64, error) {
	out, err := exec.CommandContext(ctx, self, "-peak", file).Output()
	if err != nil {
		return 0, fmt.Errorf("%s -peak %s: %w", self, file, err)
	}
	return strconv.ParseFloat(strings.TrimSpace(string(out)), 64)
}

// showPeak is the other half of peak: it renders the file and prints the kernel's high-water mark.
func showPeak(ctx context.Context, w io.Writer, file string) error {
	if file != "none" {
		data, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		result, err := picture.Render(ctx, data, []picture.Variant{{Width: 1024, Height: 1024, Format: picture.JPEG}}, picture.Limits{MaxPixels: 1 << 30})
		if err != nil {
			return err
		}
		if err := result.Outputs[0].Err; err != nil {
			return err
		}
	}
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return err
	}
	for line := range strings.Lines(string(status)) {
		if fields := strings.Fields(line); len(fields) == 3 && fields[0] == "VmHWM:" {
			kilobytes, err := strconv.ParseFloat(fields[1], 64)
			fmt.Fprintf(w, "%.1f\n", kilobytes*1024/1e6)
			return err
		}
	}
	return errors.New("/proc/self/status tells no VmHWM")
}

// tiled repeats a photograph until it has that size.
func tiled(sample []byte, width, height int) ([]byte, error) {
	decoded, err := jpeg.Decode(bytes.NewReader(sample))
	if err != nil {
		return nil, err
	}
	img, ok := decoded.(*image.YCbCr)
	if !ok || img.SubsampleRatio != image.YCbCrSubsampleRatio420 {
		return nil, fmt.Errorf("the sample is a %T, want 4:2:0", decoded)
	}
	out := image.NewYCbCr(image.Rect(0, 0, width, height), image.YCbCrSubsampleRatio420)
	tile := func(to []byte, toStride int, from []byte, fromStride, fromRows int) {
		for y := 0; y*toStride < len(to); y++ {
			row := to[y*toStride : min((y+1)*toStride, len(to))]
			for x := 0; x < len(row); x += fromStride {
				copy(row[x:], from[y%fromRows*fromStride:][:fromStride])
			}
		}
	}
	tile(out.Y, out.YStride, img.Y, img.YStride, img.Rect.Dy())
	tile(out.Cb, out.CStride, img.Cb, img.CStride, img.Rect.Dy()/2)
	tile(out.Cr, out.CStride, img.Cr, img.CStride, img.Rect.Dy()/2)
	var b bytes.Buffer
	err = jpegn.Encode(&b, out, &jpegn.EncodeOptions{Quality: 85})
	return b.Bytes(), err
}

// refusal times the refusal of a PNG of 30,000 x 30,000 pixels in a few kilobytes.
func refusal(ctx context.Context, w io.Writer) error {
	var pixels bytes.Buffer
	z := zlib.NewWriter(&pixels)
	if _, err := z.Write(make([]byte, 1<<20)); err != nil {
		return err
	}
	if err := z.Close(); err != nil {
		return err
	}
	chunk := func(kind string, data []byte) []byte {
		b := binary.BigEndian.AppendUint32(nil, uint32(len(data)))
		b = append(append(b, kind...), data...)
		return binary.BigEndian.AppendUint32(b, crc32.ChecksumIEEE(b[4:]))
	}
	header := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, 30000), 30000)
	file := append([]byte("\x89PNG\r\n\x1a\n"), chunk("IHDR", append(header, 8, 2, 0, 0, 0))...)
	file = append(append(file, chunk("IDAT", pixels.Bytes())...), chunk("IEND", nil)...)
	begun := time.Now()
	_, err := picture.Render(ctx, file, []picture.Variant{{Width: 256}}, picture.Limits{})
	took := time.Since(begun)
	if e, ok := errors.AsType[*picture.Error](err); !ok || e.Code != picture.TooManyPixels {
		return fmt.Errorf("a PNG of 30,000 x 30,000: %v, want %s", err, picture.TooManyPixels)
	}
	fmt.Fprintf(w, "a PNG of 30,000 x 30,000 in %d bytes is refused in %v (at most 10 ms)\n", len(file), took)
	return nil
}
