package redistest

import (
	"os/exec"
	"syscall"
)

const pauseSignal, resumeSignal = syscall.SIGSTOP, syscall.SIGCONT

// tie makes the child end with this process, however that ends. Linux ends it
// with the thread that started it; Go keeps its threads, except for one that
// a goroutine locked and did not unlock.
func tie(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
