package library

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"
)

func TestZZSnap(t *testing.T) {
	out, _ := os.Create(os.Getenv("SNAP"))
	defer out.Close()
	nlmg := Shipped()[0]
	files, _ := filepath.Glob("/work/shared/reviews/*.txt")
	more, _ := filepath.Glob("sample/never-let-me-go/*")
	for _, f := range append(files, more...) {
		data, _ := os.ReadFile(f)
		src, err := Read(File{Name: filepath.Base(f), Data: data}, nlmg)
		fmt.Fprintln(out, "==", f, err, src.Flagged, src.Reviewer, src.Rating, src.Date, len(src.Sentences), len(src.Related))
		for _, s := range src.Sentences {
			fmt.Fprintln(out, s.Start, s.End, s.Section, s.Paragraph, s.Entry, s.Leans, shape(s))
		}
	}
}
