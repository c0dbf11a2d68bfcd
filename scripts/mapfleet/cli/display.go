package cli

import (
	"fmt"
	"io"
	"os"
	"time"
	"unicode/utf8"

	"golang.org/x/term"
)

// How often progress is shown: redrawn in place on a terminal, as a line of its own elsewhere.
const (
	redrawEvery = 200 * time.Millisecond
	lineEvery   = 5 * time.Second
)

// display is where progress is shown.
type display struct {
	w        io.Writer
	terminal *os.File // nil if w is none
	name     string   // before each line of its own
	columns  int      // of the line that is shown
}

func newDisplay(w io.Writer, name string) display {
	d := display{w: w, name: name}
	if f, ok := w.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		d.terminal = f
	}
	return d
}

// every is how often to show a line.
func (d display) every() time.Duration {
	if d.terminal != nil {
		return redrawEvery
	}
	return lineEvery
}

// width is that of the terminal, or 0 if there is none.
func (d display) width() int {
	if d.terminal == nil {
		return 0
	}
	width, _, err := term.GetSize(int(d.terminal.Fd()))
	if err != nil {
		return 0
	}
	return width
}

// show shows a line in the place of the one before, the last one for good.
func (d *display) show(line string, last bool) {
	if d.terminal == nil {
		fmt.Fprintf(d.w, "%s  %s\n", d.name, line)
		return
	}
	fmt.Fprint(d.w, redraw(line, d.columns, d.width()))
	if d.columns = utf8.RuneCountInString(line); last {
		fmt.Fprintln(d.w)
	}
}

// redraw is what a terminal of a width, 0 if it is not known, is told to show a line in the place of one of so many
// columns. A terminal that has become narrower has wrapped that one over several rows.
func redraw(line string, columns, width int) string {
	up := ""
	if width > 0 && columns > width {
		up = fmt.Sprintf("\x1b[%dA", (columns-1)/width)
	}
	return "\r" + up + line + "\x1b[J"
}
