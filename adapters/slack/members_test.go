package slack

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"sync"
	"testing"
	"time"
)

func TestMember(t *testing.T) {
	for name, tt := range map[string]struct {
		user string
		want member
	}{
		"a display name":   {`{"team_id":"T1","name":"n","real_name":"r","profile":{"display_name":" d "}}`, member{name: "d", team: "T1"}},
		"a real name":      {`{"team_id":"T1","name":"n","real_name":"r","profile":{"display_name":""}}`, member{name: "r", team: "T1"}},
		"a profile's":      {`{"team_id":"T1","name":"n","profile":{"real_name":"p"}}`, member{name: "p", team: "T1"}},
		"a name":           {`{"team_id":"T2","name":"n"}`, member{name: "n", team: "T2"}},
		"nothing":          {`{}`, member{}},
		"an administrator": {`{"team_id":"T1","is_admin":true}`, member{team: "T1", moderates: true}},
		"an owner":         {`{"team_id":"T1","is_owner":true}`, member{team: "T1", moderates: true}},
		"the first owner":  {`{"team_id":"T1","is_primary_owner":true}`, member{team: "T1", moderates: true}},
		"a bot":            {`{"team_id":"T1","is_admin":true,"is_bot":true}`, member{team: "T1"}},
		"one who left":     {`{"team_id":"T1","is_owner":true,"deleted":true}`, member{team: "T1"}},
		"one of an organisation": {
			`{"team_id":"T2","enterprise_user":{"enterprise_id":"E1","teams":["T1","T2"]}}`,
			member{team: "T2", teams: []string{"T1", "T2"}},
		},
		"one from elsewhere": {`{"team_id":"T2","is_admin":true,"is_stranger":true}`, member{team: "T2"}},
	} {
		d, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) {
			fmt.Fprintf(rw, `{"ok":true,"user":%s}`, tt.user)
		})
		for range 2 {
			if got, err := a.member(t.Context(), "U1"); !reflect.DeepEqual(got, tt.want) || err != nil {
				t.Errorf("%s: %+v, %v", name, got, err)
			}
		}
		if got := d.calls(); len(got) != 1 || got[0].form.Get("user") != "U1" {
			t.Errorf("%s: asked %v", name, got)
		}
	}
}

func TestMemberWhoCannotBeLookedUp(t *testing.T) {
	d, a := newDesk(t, func(n int, rw http.ResponseWriter, _ *http.Request) {
		if n == 0 {
			no("user_not_found")(rw)
			return
		}
		fmt.Fprint(rw, `{"ok":true,"user":{"name":"n"}}`)
	})
	if got, err := a.member(t.Context(), "U1"); !reflect.DeepEqual(got, member{}) || err == nil {
		t.Errorf("at first: %+v, %v", got, err)
	}
	if got, err := a.member(t.Context(), "U1"); got.name != "n" || err != nil {
		t.Errorf("an error is remembered: %+v, %v", got, err)
	}
	if n := len(d.calls()); n != 2 {
		t.Errorf("%d calls came", n)
	}
}

func TestMembersAreLookedUpTogether(t *testing.T) {
	came, answer := make(chan struct{}), make(chan struct{})
	d, a := newDesk(t, func(n int, rw http.ResponseWriter, _ *http.Request) {
		if n == 0 {
			close(came)
		}
		<-answer
		fmt.Fprint(rw, `{"ok":true,"user":{"name":"n"}}`)
	})
	a.limits.lookup = time.Minute
	var all sync.WaitGroup
	first, leave := context.WithCancel(t.Context())
	all.Go(func() { _, _ = a.member(first, "U1") })
	<-came
	leave()
	for range 10 {
		all.Go(func() {
			if got, err := a.member(t.Context(), "U1"); got.name != "n" || err != nil {
				t.Errorf("member = %+v, %v", got, err)
			}
		})
	}
	close(answer)
	all.Wait()
	if n := len(d.calls()); n != 1 {
		t.Errorf("%d calls came", n)
	}
}

func TestSlowSlackHoldsNoReplyUp(t *testing.T) {
	_, a := newDesk(t, func(_ int, _ http.ResponseWriter, req *http.Request) { <-req.Context().Done() })
	a.limits.lookup = 20 * time.Millisecond
	began := time.Now()
	if got, err := a.member(t.Context(), "U1"); err == nil || !reflect.DeepEqual(got, member{}) {
		t.Errorf("member = %+v, %v", got, err)
	}
	if took := time.Since(began); took > 10*time.Second {
		t.Errorf("it took %v", took)
	}
}

func TestMemberIsReadOrUnknown(t *testing.T) {
	for _, odd := range []string{`{"ok":true,"user":7}`, `{"ok":true}`, `{}`, `[]`, `null`, ``} {
		_, a := newDesk(t, func(_ int, rw http.ResponseWriter, _ *http.Request) { fmt.Fprint(rw, odd) })
		got, err := a.member(t.Context(), "U1")
		if !reflect.DeepEqual(got, member{}) || err == nil && !json.Valid([]byte(odd)) {
			t.Errorf("%s: %+v, %v", odd, got, err)
		}
	}
}
