package demo

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/demo/content"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// plantOrganisations makes what is missing of the tree and answers with the id of each key.
func plantOrganisations(ctx context.Context, store Organisations, all []content.Organisation) (map[string]uuid.UUID, error) {
	ids := map[string]uuid.UUID{}
	for _, o := range all {
		id, err := findOrganisation(ctx, store, o)
		if err == nil && id == uuid.Nil {
			id, err = makeOrganisation(ctx, store, o, ids)
		}
		if err == nil && org.Kind(o.Kind).Accreditable() {
			err = accredit(ctx, store, id)
		}
		if err != nil {
			return nil, fmt.Errorf("plant %s: %w", o.Key, err)
		}
		ids[o.Key] = id
	}
	return ids, nil
}

func findOrganisation(ctx context.Context, store Organisations, o content.Organisation) (uuid.UUID, error) {
	found, err := store.List(ctx, org.Filter{Kind: org.Kind(o.Kind), Query: o.Name.Zh, Limit: 100})
	if err != nil {
		return uuid.Nil, err
	}
	for _, x := range found.Items {
		if x.NameZh == o.Name.Zh {
			return x.ID, nil
		}
	}
	return uuid.Nil, nil
}

// accredit lets an institution hand in courses, for two years from its first start.
func accredit(ctx context.Context, store Organisations, id uuid.UUID) error {
	page, err := store.Page(ctx, id)
	if err != nil || page.Accreditation.State != org.Never {
		return err
	}
	now := time.Now()
	until := time.Date(now.Year()+2, 12, 31, 0, 0, 0, 0, time.UTC)
	return store.Accredit(ctx, uuid.Nil, id, func([]uuid.UUID) error { return nil }, org.Step{State: org.Accredited, Until: &until, Reason: "演示机构 / An institution of the demonstration"})
}

func makeOrganisation(ctx context.Context, store Organisations, o content.Organisation, ids map[string]uuid.UUID) (uuid.UUID, error) {
	n := org.New{Kind: org.Kind(o.Kind), Level: org.Level(o.Level), Ownership: org.Ownership(o.Ownership), NameZh: o.Name.Zh, NameEn: o.Name.En}
	if o.Parent != "" {
		n.ParentID = new(ids[o.Parent])
	}
	made, err := store.CreateOrganisation(ctx, n)
	return made.ID, err
}

// plantPeople opens the accounts that are missing, gives everybody their roles,
// and answers with the id of each address.
func plantPeople(ctx context.Context, o Options, orgs map[string]uuid.UUID, all []content.Person) (map[string]uuid.UUID, error) {
	ids := map[string]uuid.UUID{}
	for _, p := range all {
		profile, err := o.Accounts.Open(ctx, identity.NewAccount{Email: p.Email, Password: Password, Name: p.Name, Locale: p.Locale})
		if fault.KindOf(err) == fault.Conflict {
			var in identity.SignedIn
			in, err = o.Accounts.SignIn(ctx, p.Email, Password, identity.Client{})
			profile = in.Profile
		}
		if err != nil {
			return nil, fmt.Errorf("open the account of %s: %w", p.Email, err)
		}
		for _, r := range p.Roles {
			if _, err := o.Organisations.AddMembership(ctx, profile.PersonID, orgs[r.Org], org.Role(r.Role)); err != nil {
				return nil, fmt.Errorf("make %s %s: %w", p.Email, r.Role, err)
			}
		}
		ids[p.Email] = profile.PersonID
	}
	return ids, nil
}

// signInStaff signs in everybody who has a part in publishing.
func signInStaff(ctx context.Context, url string, courses []content.Course) (map[string]*client, error) {
	staff := map[string]*client{}
	for _, c := range courses {
		for _, email := range []string{c.Author, c.Submitter, c.Reviewer} {
			if staff[email] != nil {
				continue
			}
			signedIn, err := signIn(ctx, url, email, Password)
			if err != nil {
				return nil, err
			}
			staff[email] = signedIn
		}
	}
	return staff, nil
}
