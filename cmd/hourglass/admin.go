package main

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/google/uuid"

	"github.com/hourglass-lms/hourglass/internal/app"
	"github.com/hourglass-lms/hourglass/internal/config"
	"github.com/hourglass-lms/hourglass/internal/fault"
	"github.com/hourglass-lms/hourglass/internal/identity"
	"github.com/hourglass-lms/hourglass/internal/org"
)

// adminCmd is what operators do: make the first organisations and people, and check the evidence.
type adminCmd struct {
	Org      orgCmd      `cmd:"" help:"Create an organisation."`
	Person   personCmd   `cmd:"" help:"Open an account; the password is read from standard input."`
	Role     roleCmd     `cmd:"" help:"Give a person a role in an organisation."`
	Evidence evidenceCmd `cmd:"" help:"Look after the evidence of study."`
	Keys     keysCmd     `cmd:"" help:"Look after the keys that seal secrets."`
	Factor   factorCmd   `cmd:"" name:"forget-factors" help:"Take all second factors away from who has lost them; ends all sign-ins."`
	Bounces  bouncesCmd  `cmd:"" help:"List the addresses that mail does not reach, and to which none is sent."`
}

type orgCmd struct {
	Kind      string    `required:"" enum:"personnel_department,industry_department,teaching_institution,employer,association" help:"${enum}"`
	Level     string    `help:"national, provincial, municipal or county; of a personnel department."`
	Ownership string    `help:"state, private, public_institution or social_organisation; of an employer."`
	NameZh    string    `required:"" help:"Chinese name."`
	NameEn    string    `help:"English name."`
	Parent    uuid.UUID `help:"Organisation it stands below."`
}

// Run creates an organisation and prints it.
func (cmd orgCmd) Run(ctx context.Context, io streams) error {
	n := org.New{Kind: org.Kind(cmd.Kind), Level: org.Level(cmd.Level), Ownership: org.Ownership(cmd.Ownership), NameZh: cmd.NameZh, NameEn: cmd.NameEn}
	if cmd.Parent != uuid.Nil {
		n.ParentID = &cmd.Parent
	}
	told := map[string]any{"kind": cmd.Kind, "name_zh": cmd.NameZh, "name_en": cmd.NameEn}
	return withAdmin(ctx, io, deed{"org", told, cmd.Parent, uuid.Nil}, func(ctx context.Context, a *app.Admin) (any, error) {
		return a.Organisations.CreateOrganisation(ctx, n)
	})
}

type personCmd struct {
	Email  string `required:"" help:"Address to sign in with."`
	Name   string `required:"" help:"Real name."`
	Locale string `default:"zh-CN" enum:"zh-CN,en" help:"${enum}"`
}

// Run opens an account and prints it.
func (cmd personCmd) Run(ctx context.Context, io streams) error {
	line, err := bufio.NewReader(os.Stdin).ReadString('\n')
	if err != nil && line == "" {
		return errors.New("give the password on standard input")
	}
	n := identity.NewAccount{Email: cmd.Email, Name: cmd.Name, Locale: cmd.Locale, Password: strings.TrimRight(line, "\r\n")}
	told := map[string]any{"name": cmd.Name}
	return withAdmin(ctx, io, deed{"person", told, uuid.Nil, uuid.Nil}, func(ctx context.Context, a *app.Admin) (any, error) {
		return a.Accounts.Open(ctx, n)
	})
}

type roleCmd struct {
	Person uuid.UUID `required:"" help:"Id of the person."`
	Org    uuid.UUID `required:"" help:"Id of the organisation."`
	Role   string    `required:"" enum:"professional,instructor,institution_manager,department_officer,employer_officer,auditor" help:"${enum}"`
}

// Run gives the role and prints the membership.
func (cmd roleCmd) Run(ctx context.Context, io streams) error {
	told := map[string]any{"role": cmd.Role}
	return withAdmin(ctx, io, deed{"role", told, cmd.Org, cmd.Person}, func(ctx context.Context, a *app.Admin) (any, error) {
		return a.Organisations.AddMembership(ctx, cmd.Person, cmd.Org, org.Role(cmd.Role))
	})
}

// deed is what the audit trail keeps of a command.
type deed struct {
	command        string
	told           map[string]any
	place, subject uuid.UUID
}

func withAdmin(ctx context.Context, io streams, d deed, do func(context.Context, *app.Admin) (any, error)) error {
	c, err := config.Load(os.Getenv, "DATABASE_URL")
	if err != nil {
		return err
	}
	a, err := app.OpenAdmin(ctx, c, app.Logger(io.err, c))
	if err != nil {
		return err
	}
	defer a.Close()
	if ctx, err = a.Ran(ctx, d.command, d.told, d.place, d.subject); err != nil {
		return explain(err)
	}
	made, err := do(ctx, a)
	if err != nil {
		return explain(err)
	}
	return json.NewEncoder(io.out).Encode(made)
}

// explain adds the fields that were not right to an error's own words.
func explain(err error) error {
	text := err.Error()
	for _, f := range fault.FieldsOf(err) {
		text += fmt.Sprintf("; %s %s", f.Path, f.Message)
	}
	return errors.New(text)
}
