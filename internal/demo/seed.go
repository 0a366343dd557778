package demo

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/hourglass-lms/hourglass/internal/demo/content"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Organisations is how the tree is planted.
type Organisations interface {
	CreateOrganisation(ctx context.Context, n org.New) (org.Organisation, error)
	AddMembership(ctx context.Context, person, orgID uuid.UUID, role org.Role) (org.Membership, error)
	List(ctx context.Context, f org.Filter) (org.List, error)
	Page(ctx context.Context, id uuid.UUID) (org.Page, error)
	Accredit(ctx context.Context, by, id uuid.UUID, may func(lineage []uuid.UUID) error, step org.Step) error
}

// Accounts is how people get in.
type Accounts interface {
	Open(ctx context.Context, in identity.NewAccount) (identity.Profile, error)
	SignIn(ctx context.Context, email, password string, from identity.Client) (identity.SignedIn, error)
}

// Options say what to fill.
type Options struct {
	URL           string // of the running product
	Organisations Organisations
	Accounts      Accounts
	Register      Register
	Only          []string // folders of the courses to publish; none: all
	Say           func(format string, args ...any)
}

// Ready is what a demonstration announces.
type Ready struct {
	URL      string    `json:"url"`
	Accounts []Account `json:"accounts"`
	Courses  []Course  `json:"courses"`
}

// Account is one that may be signed in with.
type Account struct {
	Role     string `json:"role"`
	Email    string `json:"email"`
	Password string `json:"password"`
}

// Course is one in the catalogue.
type Course struct {
	ID    uuid.UUID `json:"id"`
	Title string    `json:"title"`
}

// Password opens every account of the demonstration. It is printed, and a
// demonstration listens on this machine alone unless told otherwise.
const Password = "hourglass-demo"

// Seed fills the product and says what is in it. What is there already stays
// as it is, so that a start that was cut short goes on where it was.
func Seed(ctx context.Context, o Options) (Ready, error) {
	all, err := content.Load()
	if err != nil {
		return Ready{}, fmt.Errorf("read the demonstration's content: %w", err)
	}
	if len(o.Only) > 0 {
		all.Courses = slices.DeleteFunc(all.Courses, func(c content.Course) bool { return !slices.Contains(o.Only, c.Slug) })
	}
	published, err := catalogue(ctx, o.URL)
	if err != nil {
		return Ready{}, err
	}
	if missing := without(all.Courses, published); len(missing) > 0 {
		if err := o.fill(ctx, all, missing); err != nil {
			return Ready{}, err
		}
		if published, err = catalogue(ctx, o.URL); err != nil {
			return Ready{}, err
		}
	}
	return announce(o.URL, all, published)
}

func (o Options) fill(ctx context.Context, all content.All, missing []content.Course) error {
	o.Say("planting organisations and people")
	orgs, err := plantOrganisations(ctx, o.Organisations, all.Organisations)
	if err != nil {
		return err
	}
	if _, err := plantPeople(ctx, o, orgs, all.People); err != nil {
		return err
	}
	if err := plantStaff(ctx, o, orgs, all.Staff); err != nil {
		return err
	}
	staff, err := signInStaff(ctx, o.URL, missing)
	if err != nil {
		return err
	}
	o.Say("publishing %d courses: uploading and packaging their lectures takes some minutes, once", len(missing))
	// All at once: what takes long is packaging, and the workers take it in turn.
	g, ctx := errgroup.WithContext(ctx)
	for _, c := range missing {
		g.Go(func() error {
			p := publisher{course: c, org: orgs[c.Org], author: staff[c.Author], submitter: staff[c.Submitter], reviewer: staff[c.Reviewer]}
			if err := p.publish(ctx); err != nil {
				return fmt.Errorf("publish %s: %w", c.Slug, err)
			}
			o.Say("published: %s · %s", c.Title.Zh, c.Title.En)
			return nil
		})
	}
	return g.Wait()
}

// without are the courses that are not in the catalogue yet.
func without(courses []content.Course, published map[string]uuid.UUID) (out []content.Course) {
	for _, c := range courses {
		if _, ok := published[c.Title.Zh]; !ok {
			out = append(out, c)
		}
	}
	return out
}

// announce lists one account of every role, the first there is, and the courses.
func announce(url string, all content.All, published map[string]uuid.UUID) (Ready, error) {
	r := Ready{URL: url}
	seen := map[string]bool{}
	for _, p := range all.People {
		for _, role := range p.Roles {
			if !seen[role.Role] {
				seen[role.Role] = true
				r.Accounts = append(r.Accounts, Account{role.Role, p.Email, Password})
			}
		}
	}
	for _, c := range all.Courses {
		id, ok := published[c.Title.Zh]
		if !ok {
			return r, fmt.Errorf("%s is not in the catalogue", c.Slug)
		}
		title := c.Title.Zh
		if c.Language == "en" {
			title = c.Title.En
		}
		r.Courses = append(r.Courses, Course{id, title})
	}
	return r, nil
}
