package estimate

import "time"

// maxTimeline is how many points a timeline has at most: more than a plot has pixels.
const maxTimeline = 2000

// timeline counts workers in steps of time. It doubles its steps when there are too many of them, so that
// its memory does not grow with the run.
type timeline struct {
	step   time.Duration
	change []int // of the number of workers, in each step
}

func (t *timeline) add(begin, end time.Duration) {
	for int(end/t.step) >= maxTimeline {
		t.coarsen()
	}
	t.count(int(begin/t.step), 1)
	t.count(max(int(end/t.step), int(begin/t.step)+1), -1) // seen at least once
}

func (t *timeline) count(i, n int) {
	for len(t.change) <= i {
		t.change = append(t.change, 0)
	}
	t.change[i] += n
}

func (t *timeline) coarsen() {
	half := make([]int, (len(t.change)+1)/2)
	for i, n := range t.change {
		half[i/2] += n
	}
	t.change, t.step = half, 2*t.step
}

// points returns the counts, shifted by offset.
func (t *timeline) points(offset time.Duration) []Point {
	points := []Point{{At: 0}}
	workers := 0
	for i, n := range t.change {
		if n == 0 {
			continue
		}
		workers += n
		points = append(points, Point{At: offset + time.Duration(i)*t.step, Workers: workers})
	}
	return points
}
