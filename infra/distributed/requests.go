package distributed

// requests are the graphs of how fast a worker of requests is.
func (w watched) requests() []graph {
	return []graph{
		{title: "Requests a second", tells: TellsRequests, hidden: true,
			metrics:     map[string]metric{"n": w.work("Requests"), "f": w.work("Failed"), "r": w.work("Retried"), "b": w.work("BadLines")},
			expressions: map[string]string{"made": "n/PERIOD(n)", "failed": "f/PERIOD(f)", "retried": "r/PERIOD(r)", "bad lines": "b/PERIOD(b)"}},
		{title: "Milliseconds an answer, by stage", tells: TellsRequests, hidden: true, stacked: true, unit: "ms",
			metrics: map[string]metric{
				"n": w.work("Answered"), "d": w.work("DnsMilliseconds"), "c": w.work("ConnectMilliseconds"), "t": w.work("TlsMilliseconds"),
				"f": w.work("FirstByteMilliseconds"), "a": w.work("TotalMilliseconds"),
			},
			// The time to the first byte is counted from the start of the request.
			expressions: map[string]string{"1 DNS": "d/n", "2 connect": "c/n", "3 TLS": "t/n", "4 wait": "(f-d-c-t)/n", "5 body": "(a-f)/n"}},
	}
}
