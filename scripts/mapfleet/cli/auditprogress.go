package cli

import (
	"fmt"
	"io"
	"os"
	"time"

	"golang.org/x/term"

	"mapfleet/scripts/mapfleet/audit"
)

// auditProgress shows on a terminal how far an audit is; elsewhere it is silent.
type auditProgress struct {
	w          io.Writer
	progress   *audit.Progress
	stop, done chan struct{}
}

func newAuditProgress(w io.Writer, progress *audit.Progress) *auditProgress {
	p := &auditProgress{w: w, progress: progress, stop: make(chan struct{}), done: make(chan struct{})}
	if f, ok := w.(*os.File); !ok || !term.IsTerminal(int(f.Fd())) {
		close(p.done)
		return p
	}
	go p.loop()
	return p
}

// end takes the display away: the result says it all.
func (p *auditProgress) end() {
	close(p.stop)
	<-p.done
}

func (p *auditProgress) loop() {
	defer close(p.done)
	ticker := time.NewTicker(redrawEvery)
	defer ticker.Stop()
	started := time.Now()
	for {
		select {
		case now := <-ticker.C:
			fmt.Fprintf(p.w, "\r%s\x1b[K", auditLine(p.progress.Now(), now.Sub(started)))
		case <-p.stop:
			fmt.Fprint(p.w, "\r\x1b[K")
			return
		}
	}
}

// auditLine describes the moment in less than 80 columns, as long as counts are below a thousand million.
func auditLine(m audit.Moment, took time.Duration) string {
	line := m.Phase
	if m.Destination > 0 {
		line += fmt.Sprintf("  %s outputs", count(m.Destination))
	}
	if m.Sources > 0 {
		line += fmt.Sprintf("  %s sources", count(m.Sources))
	}
	if m.Unexplained > 0 {
		line += fmt.Sprintf("  %s others", count(m.Unexplained))
	}
	return line + fmt.Sprintf("  %s differences  %s", count(m.Differences), took.Round(time.Second))
}
