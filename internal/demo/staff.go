package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/demo/content"
	"github.com/hourglass-lms/hourglass/internal/registry"
)

// Register is how hours that nobody studied for get into the register.
type Register interface {
	Plant(ctx context.Context, p registry.Planted) error
}

// plantStaff gives the organisations people with hours, so that an officer's
// first page shows something.
func plantStaff(ctx context.Context, o Options, orgs map[string]uuid.UUID, all []content.Member) error {
	for i, m := range all {
		email := fmt.Sprintf("staff%02d@hourglass.example", i+1)
		people := []content.Person{{Email: email, Name: m.Name, Roles: []content.Role{{Role: "professional", Org: m.Org}}}}
		ids, err := plantPeople(ctx, o, orgs, people)
		if err != nil {
			return err
		}
		for subject, hours := range map[registry.Subject]float64{registry.Professional: m.Professional, registry.Public: m.Public} {
			if hours <= 0 {
				continue
			}
			planted := registry.Planted{Person: ids[email], Source: "demo/" + email + "/" + string(subject), Subject: subject, Hours: registry.HoursOf(hours), Title: seminars[subject], Earned: time.Now().Add(-time.Minute)}
			if err := o.Register.Plant(ctx, planted); err != nil {
				return err
			}
		}
	}
	return nil
}

var seminars = map[registry.Subject]registry.Text{
	registry.Professional: {Zh: "年度专业研修（省内集中登记）", En: "Professional seminars of the year (registered by the province)"},
	registry.Public:       {Zh: "公需科目集中培训", En: "Public subjects, taught in class"},
}
