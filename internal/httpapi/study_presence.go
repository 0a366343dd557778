package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/study"
	"github.com/hourglass-lms/hourglass/internal/study/engine"
)

// PresenceCheck asks whether somebody is there.
type PresenceCheck struct {
	ID        string     `json:"id"`
	Kind      string     `json:"kind" enum:"confirm,question"`
	Prompt    string     `json:"prompt,omitempty" doc:"The question, in the lesson's language"`
	Choices   []string   `json:"choices,omitempty"`
	Multiple  bool       `json:"multiple,omitempty" doc:"More than one choice may be right"`
	AnswerBy  *time.Time `json:"answer_by,omitempty" doc:"By the server's clock; absent: no deadline, study is paused until it is answered"`
	WindowS   int        `json:"window_s" doc:"Seconds left as of this answer"`
	Paused    bool       `json:"paused"`
	CanExtend bool       `json:"can_extend" doc:"More time may be asked for, once"`
}

// PresenceReply answers a check, or asks for more time.
type PresenceReply struct {
	ID       string `json:"id" maxLength:"22"`
	Answer   []int  `json:"answer,omitempty" maxItems:"16" doc:"Numbers of choices, from 0; empty where there are none"`
	MoreTime bool   `json:"more_time,omitempty"`
}

var outcomeNames = map[study.Outcome]string{study.Passed: "passed", study.Wrong: "wrong", study.Missed: "missed", study.Extended: "extended"}

// presenceOf is nil when no check is open.
func presenceOf(c engine.Check) *PresenceCheck {
	if !c.Open() {
		return nil
	}
	p := &PresenceCheck{
		ID: c.ID.String(), Kind: "confirm", Prompt: c.Text, Choices: c.Choices, Multiple: c.Multiple,
		WindowS: int(c.Left.Seconds()), Paused: c.Paused(), CanExtend: !c.Paused() && !c.Extended,
	}
	if len(c.Choices) > 0 {
		p.Kind = "question"
	}
	if !c.Paused() {
		by := time.UnixMilli(c.ByMS).UTC()
		p.AnswerBy = &by
	}
	return p
}

// PresenceWindow is a person's accommodation.
type PresenceWindow struct {
	Percent int `json:"percent" enum:"100,200,500" doc:"How long the window for a presence check is, in percent of the usual"`
}

// PresenceWindowAnswer says what it comes to.
type PresenceWindowAnswer struct {
	PresenceWindow
	UsualS int `json:"usual_s" doc:"Seconds that 100 percent are"`
}

// PresenceWindowInput sets it.
type PresenceWindowInput struct{ Body PresenceWindow }

func (s *Server) registerPresence(a huma.API, tags []string) {
	register(a, identity.Learn, huma.Operation{OperationID: "get-presence-window", Method: http.MethodGet, Path: "/me/presence-window", Tags: tags, Summary: "How long I have for a presence check"}, s.presenceWindow)
	register(a, identity.Learn, huma.Operation{OperationID: "set-presence-window", Method: http.MethodPut, Path: "/me/presence-window", Tags: tags, Summary: "Have more time for presence checks, from the next session on"}, s.setPresenceWindow)
}

func (s *Server) presenceWindow(ctx context.Context, _ *struct{}) (*Body[PresenceWindowAnswer], error) {
	percent, err := s.svc.Study.Window(ctx, identity.ActorFrom(ctx).PersonID)
	return s.windowOf(percent), err
}

func (s *Server) setPresenceWindow(ctx context.Context, in *PresenceWindowInput) (*Body[PresenceWindowAnswer], error) {
	err := s.svc.Study.SetWindow(ctx, identity.ActorFrom(ctx).PersonID, in.Body.Percent)
	return s.windowOf(in.Body.Percent), err
}

func (s *Server) windowOf(percent int) *Body[PresenceWindowAnswer] {
	return &Body[PresenceWindowAnswer]{PresenceWindowAnswer{PresenceWindow{percent}, int(s.svc.Study.Policy().CheckWindow.Seconds())}}
}
