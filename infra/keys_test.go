package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"mapfleet/infra/config"
)

// TestRolesHaveTheKeysTheyNeed is for every key of a deployment over buckets that exist: who may do what by
// it, and nobody else may.
func TestRolesHaveTheKeysTheyNeed(t *testing.T) {
	c := imported()
	c.Uploads, c.Schedule = true, "rate(1 day)"
	s, checking := synth(t, c), synth(t, checking())
	const read, write = "kms:Decrypt", "kms:Decrypt kms:GenerateDataKey"
	want := map[string]map[string]string{
		"Prepare":  {sourceKey: read, manifestKey: read, workKey: write},
		"Resize":   {sourceKey: read, destinationKey: write, workKey: write},
		"Report":   {destinationKey: read, workKey: write},
		"Trigger":  {},
		"Workflow": {workKey: "kms:Decrypt kms:Encrypt kms:GenerateDataKey"},
		// my-lists, which the file of checks lies in, too
		"CheckPlan":   {manifestKey: read, workKey: write},
		"CheckWorker": {workKey: write},
		"CheckReport": {manifestKey: write, workKey: write},
		"Checks":      {workKey: "kms:Decrypt kms:Encrypt kms:GenerateDataKey"},
	}
	for role, keys := range want {
		s := s
		if strings.HasPrefix(role, "Check") {
			s = checking
		}
		got := map[string]map[string]bool{}
		for _, st := range s.statements(t, role) {
			if !strings.HasPrefix(st.actions[0], "kms:") {
				continue
			}
			if !strings.Contains(st.condition, `"kms:ViaService":"s3.`) {
				t.Errorf("%s, %s: not through S3 only: %s", role, st.sid, st.condition)
			}
			for _, key := range st.resources {
				if got[key] == nil {
					got[key] = map[string]bool{}
				}
				for _, action := range st.actions {
					got[key][action] = true
				}
			}
		}
		flat := map[string]string{}
		for key, actions := range got {
			var names []string
			for action := range actions {
				names = append(names, action)
			}
			slices.Sort(names)
			flat[key] = strings.Join(names, " ")
		}
		if diff := cmp.Diff(keys, flat); diff != "" {
			t.Errorf("%s (-want +got):\n%s", role, diff)
		}
	}
}

func TestOwnedBucketsEncryptByTheirKey(t *testing.T) {
	c := everything()
	s := synth(t, c)
	for id, want := range map[string]string{"Source": sourceKey, "Work": workKey, "Destination": ""} {
		encryption := s.only(t, "AWS::S3::Bucket", id).Properties["BucketEncryption"].(map[string]any)
		rule := encryption["ServerSideEncryptionConfiguration"].([]any)[0].(map[string]any)
		by := rule["ServerSideEncryptionByDefault"].(map[string]any)
		algorithm := "AES256"
		if want != "" {
			algorithm = "aws:kms"
		}
		if key, _ := by["KMSMasterKeyID"].(string); key != want || by["SSEAlgorithm"] != algorithm || rule["BucketKeyEnabled"] != (want != "") {
			t.Errorf("%s: %v, want %s by %q", id, rule, algorithm, want)
		}
	}
}

func TestWithoutKeysNobodyMayUseOne(t *testing.T) {
	if raw := string(synth(t, config.Default()).raw); strings.Contains(raw, "kms:") {
		t.Error("the template of a deployment without keys speaks of KMS")
	}
}
