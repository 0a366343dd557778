package httpapi

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// Tree changes the tree of organisations. may judges by the lineage that holds
// when the deed is done.
type Tree interface {
	Create(ctx context.Context, by uuid.UUID, n org.New) (org.Organisation, error)
	Organisation(ctx context.Context, id uuid.UUID) (org.Organisation, error)
	Branch(ctx context.Context, f org.BranchFilter) (org.Branch, error)
	Applications(ctx context.Context, below []uuid.UUID, limit int, cursor string) (org.Branch, error)
	Change(ctx context.Context, by, id uuid.UUID, may func(lineage []uuid.UUID) error, c org.Change) error
	Move(ctx context.Context, by, id, parent uuid.UUID, may func(lineage []uuid.UUID) error) error
	Close(ctx context.Context, by, id uuid.UUID, may func(lineage []uuid.UUID) error, reason string) error
	Merge(ctx context.Context, by, id, into uuid.UUID, may func(lineage []uuid.UUID) error, reason string) error
	Accredit(ctx context.Context, by, id uuid.UUID, may func(lineage []uuid.UUID) error, step org.Step) error
}

// OrgNode is an organisation as whoever manages the tree sees it.
type OrgNode struct {
	OrgRef
	Ownership     string         `json:"ownership,omitempty" enum:"state,private,public_institution,social_organisation"`
	Below         int            `json:"below" doc:"Open organisations directly below it"`
	People        int            `json:"people" doc:"With a role in it now"`
	ClosedAt      *time.Time     `json:"closed_at,omitempty"`
	Successor     *OrgRef        `json:"successor,omitempty"`
	Accreditation *Accreditation `json:"accreditation,omitempty"`
}

// OrgBranch is one page of organisations by name.
type OrgBranch struct {
	Items      []OrgNode `json:"items"`
	NextCursor *string   `json:"next_cursor" nullable:"true"`
}

// OrgBranchInput asks for what stands directly below an organisation.
type OrgBranchInput struct {
	IDPath
	ListInput
	Kind  string `query:"kind" enum:"personnel_department,industry_department,teaching_institution,employer,association"`
	Q     string `query:"q" maxLength:"100" doc:"Part of the name"`
	State string `query:"state" enum:"open,closed" default:"open"`
}

// CreateOrgInput is an organisation to be.
type CreateOrgInput struct {
	Body struct {
		Kind      string    `json:"kind" enum:"personnel_department,industry_department,teaching_institution,employer,association"`
		Level     string    `json:"level,omitempty" enum:"national,provincial,municipal,county" doc:"Of a personnel department"`
		Ownership string    `json:"ownership,omitempty" enum:"state,private,public_institution,social_organisation" doc:"Of an employer"`
		NameZh    string    `json:"name_zh" minLength:"1" maxLength:"200"`
		NameEn    string    `json:"name_en,omitempty" maxLength:"200"`
		ParentID  uuid.UUID `json:"parent_id" doc:"The department it stands below"`
		TimeZone  string    `json:"time_zone,omitempty" maxLength:"60" doc:"IANA name; absent: Asia/Shanghai"`
	}
}

// ChangeOrgInput changes what is present.
type ChangeOrgInput struct {
	IDPath
	Body struct {
		NameZh    *string `json:"name_zh,omitempty" minLength:"1" maxLength:"200"`
		NameEn    *string `json:"name_en,omitempty" maxLength:"200"`
		Ownership *string `json:"ownership,omitempty" enum:"state,private,public_institution,social_organisation"`
		TimeZone  *string `json:"time_zone,omitempty" maxLength:"60"`
	}
}

// MoveOrgInput names the new parent.
type MoveOrgInput struct {
	IDPath
	Body struct {
		ParentID uuid.UUID `json:"parent_id"`
	}
}

// CloseOrgInput says why an organisation ends.
type CloseOrgInput struct {
	IDPath
	Body struct {
		Reason string `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

// MergeOrgInput names whose the people become.
type MergeOrgInput struct {
	IDPath
	Body struct {
		Into   uuid.UUID `json:"into"`
		Reason string    `json:"reason" minLength:"1" maxLength:"2000"`
	}
}

// ApplyInput asks for accreditation.
type ApplyInput struct {
	IDPath
	Body struct {
		Statement string `json:"statement,omitempty" maxLength:"2000" doc:"What the institution has to show"`
	}
}

// AccreditInput is a department's decision.
type AccreditInput struct {
	IDPath
	Body struct {
		Decision string `json:"decision" enum:"accredit,refuse,suspend,revoke"`
		Until    string `json:"until,omitempty" format:"date" doc:"The last day; with accredit"`
		Reason   string `json:"reason,omitempty" maxLength:"2000" doc:"Required but with accredit; anybody can read it"`
	}
}

func (s *Server) registerTree(a huma.API) {
	tags := []string{"Organisations"}
	op := func(id, method, path, summary string) huma.Operation {
		return huma.Operation{OperationID: id, Method: method, Path: path, Tags: tags, Summary: summary, MaxBodyBytes: 64 << 10}
	}
	register(a, identity.ManageOrgs, op("list-organisations-below", http.MethodGet, "/organisations/{id}/below", "What stands directly below an organisation of one's jurisdiction"), s.branch)
	register(a, identity.ManageOrgs, op("list-accreditation-applications", http.MethodGet, "/accreditations", "Institutions of one's jurisdiction whose application waits for a decision"), s.applications)
	create := op("create-organisation", http.MethodPost, "/organisations", "Add an organisation below a department")
	create.DefaultStatus = http.StatusCreated
	register(a, identity.ManageOrgs, create, s.createOrg)
	register(a, identity.ManageOrgs, op("change-organisation", http.MethodPatch, "/organisations/{id}", "Rename an organisation or change what it says of itself"), s.changeOrg)
	register(a, identity.ManageOrgs, op("move-organisation", http.MethodPost, "/organisations/{id}/move", "Put it, with all that stands below it, below another department"), s.moveOrg)
	register(a, identity.ManageOrgs, op("close-organisation", http.MethodPost, "/organisations/{id}/closure", "End an organisation and all roles in it; what is registered stays"), s.closeOrg)
	register(a, identity.ManageOrgs, op("merge-organisation", http.MethodPost, "/organisations/{id}/merger", "Make its people another's; it stays closed, with the figures of its years"), s.mergeOrg)
	register(a, identity.Submit, op("apply-for-accreditation", http.MethodPost, "/organisations/{id}/accreditation/application", "Apply for the accreditation of one's own institution"), s.applyAccreditation)
	register(a, identity.ManageOrgs, op("decide-accreditation", http.MethodPost, "/organisations/{id}/accreditation/decision", "Accredit, refuse, suspend or revoke; never on one's own application"), s.decideAccreditation)
}
