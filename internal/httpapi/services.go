package httpapi

// Services is everything the operations call, one field a resource. Each
// resource file declares the small interface it needs (auth.go: Accounts,
// orgs.go: Organisations, …); internal/app plugs the stores in, tests plug in
// what they are about. An operation whose field is nil answers 500, which is
// a mistake in the wiring and is caught by the app's own test.
type Services struct {
	Accounts      Accounts
	Organisations Organisations
	Idempotency   IdempotencyStore
	Media         Media
	Catalogue     Catalogue
	Authoring     Authoring
	Reviews       Reviews
	Learning      Learning
	Notes         Notes
	Quizzes       Quizzes
	Hours         Hours
	Study         Study
	Evidence      Evidence
	Flags         Flags
	Workspaces    Workspaces
	Staff         StaffRecords
	Search        Search
	Tree          Tree
	Members       Members
	Invitations   Invitations
	People        People
	Privacy       Privacy
	Trail         Trail
	Roster        Roster
	AccessTokens  AccessTokens
	Providers     Providers
	Notices       Notices
}
