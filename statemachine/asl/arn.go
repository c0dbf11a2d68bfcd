package asl

import (
	"crypto/rand"
	"crypto/sha1"
	"fmt"
	"strconv"
	"strings"
)

// mapRunARNs names a Map Run and its children (A26).
type mapRunARNs struct {
	id          string // uuid of the Map Run
	run         string
	machine     string // of the children
	machineName string
	prefix      string // of a child's ARN, up to its name
	express     bool
}

func newMapRunARNs(stateMachineID, label, id string, express bool) mapRunARNs {
	partition, region, account, name := arnParts(stateMachineID)
	base := fmt.Sprintf("arn:%s:states:%s:%s:", partition, region, account)
	labelled := name + "/" + label
	kind := "execution"
	if express {
		kind = "express"
	}
	return mapRunARNs{
		id:          id,
		run:         base + "mapRun:" + labelled + ":" + id,
		machine:     base + "stateMachine:" + labelled,
		machineName: labelled,
		prefix:      base + kind + ":" + labelled + ":",
		express:     express,
	}
}

// child returns the ARN of the child execution called name.
func (a mapRunARNs) child(name string) string {
	if a.express {
		return a.prefix + a.id + ":" + name
	}
	return a.prefix + name
}

// arnParts takes arn:PARTITION:states:REGION:ACCOUNT:stateMachine:NAME apart; anything else is taken
// as the name of a machine that lives nowhere.
func arnParts(stateMachineID string) (partition, region, account, name string) {
	parts := strings.Split(stateMachineID, ":")
	if len(parts) < 7 || parts[0] != "arn" {
		return "aws", "local", "000000000000", strings.ReplaceAll(stateMachineID, ":", "-")
	}
	return parts[1], parts[3], parts[4], parts[6]
}

// newUUID returns a random UUID, version 4.
func newUUID() string {
	var b [16]byte
	_, _ = rand.Read(b[:]) // never fails
	return uuid(b[:], 4)
}

// childName returns the name of a Map Run's child, a UUID of version 5: on a redrive it is the same again.
func (a mapRunARNs) childName(index int) string {
	sum := sha1.Sum(strconv.AppendInt([]byte(a.id+"/"), int64(index), 10))
	return uuid(sum[:], 5)
}

func uuid(b []byte, version byte) string {
	b[6] = b[6]&0x0f | version<<4
	b[8] = b[8]&0x3f | 0x80
	return fmt.Sprintf("%x-%x-%x-%x-%x", b[0:4], b[4:6], b[6:8], b[8:10], b[10:16])
}
