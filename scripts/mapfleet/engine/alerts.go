package engine

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"mapfleet/scripts/mapfleet/engine/storage"
)

// alertTopic is where the state machine of checks publishes.
const alertTopic = "arn:aws:sns:" + storage.Region + ":" + account + ":mapfleet-alerts"

// alertsFile is the file in the State folder that has every message of alertTopic, one JSON object a line.
const alertsFile = "alerts.jsonl"

// Alerts returns the file of a State folder that has every message which a run has published, one JSON
// object a line; it need not exist.
func Alerts(state string) string { return filepath.Join(state, alertsFile) }

// alert is one message, as it was published.
type alert struct {
	MessageID string    `json:"MessageId"`
	Topic     string    `json:"TopicArn"`
	Subject   string    `json:"Subject"`
	Message   string    `json:"Message"`
	Timestamp time.Time `json:"Timestamp"`
}

// publish appends a message to the file of a State folder.
func publish(state string, a alert) error {
	line, err := json.Marshal(a)
	if err != nil {
		return err
	}
	file, err := os.OpenFile(Alerts(state), os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o644)
	if err != nil {
		return err
	}
	if _, err := file.Write(append(line, '\n')); err != nil {
		_ = file.Close()
		return fmt.Errorf("publish %s: %w", a.Subject, err)
	}
	return file.Close()
}
