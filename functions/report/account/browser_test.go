package account

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// probe writes into the page how wide it is, how wide its window is, and whether its style applies.
const probe = `<script nonce="probe">addEventListener("load", () => {
  const page = document.documentElement, style = getComputedStyle(document.querySelector("main"));
  parent.document.title = ["probe", page.scrollWidth, page.clientWidth, style.maxWidth != "none"].join(" ");
});</script></body>`

// TestBrowser renders the report as a phone and as a desktop do. The page stands in a frame, as a
// browser's own window has a least width.
func TestBrowser(t *testing.T) {
	chromium, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("needs chromium in PATH")
	}
	r := illustrated()
	r.mustReport(t, "")
	page := strings.Replace(r.html(), "default-src 'none';", "default-src 'none'; script-src 'nonce-probe';", 1)
	page = strings.Replace(page, "</body>", probe, 1)
	for _, width := range []int{360, 1280} {
		t.Run(fmt.Sprint(width), func(t *testing.T) {
			folder := t.TempDir()
			write(t, filepath.Join(folder, "report.html"), page)
			frame := filepath.Join(folder, "frame.html")
			write(t, frame, fmt.Sprintf(`<!DOCTYPE html><title>none</title><iframe src="report.html" width="%d" height="900" frameborder="0"></iframe>`, width))
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			dom, err := exec.CommandContext(ctx, chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
				"--disable-background-networking", "--disable-component-update", "--disable-sync", "--allow-file-access-from-files",
				"--user-data-dir="+filepath.Join(folder, "profile"), "--window-size=1400,1000", "--dump-dom", "file://"+frame).Output()
			if err != nil {
				t.Fatalf("%s: %v", chromium, err)
			}
			title := regexp.MustCompile(`<title>.*</title>`).FindString(string(dom))
			var scroll, client int
			var styled bool
			if _, err := fmt.Sscanf(title, "<title>probe %d %d %t</title>", &scroll, &client, &styled); err != nil {
				t.Fatalf("the page did not report its width: %s: %v", title, err)
			}
			if client < width-20 || client > width {
				t.Errorf("the window is %d wide, want about %d", client, width)
			}
			if scroll > client {
				t.Errorf("the page is %d wide in a window of %d: it scrolls sideways", scroll, client)
			}
			if !styled {
				t.Error("the page's policy keeps its own style sheet out")
			}
		})
	}
}

func write(t *testing.T, path, content string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
