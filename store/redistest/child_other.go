//go:build !unix

package redistest

import (
	"os/exec"
	"syscall"
)

// No process can be paused here; sending one of these fails.
const pauseSignal, resumeSignal = syscall.Signal(-1), syscall.Signal(-2)

// tie does nothing here: the child of a process that crashed stays.
func tie(*exec.Cmd) {}
